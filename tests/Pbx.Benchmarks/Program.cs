using Pbx.Benchmarks.Shards;

if (args is ["shards", .. var settings]) return ShardsCommand.Run(settings);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
