namespace Pbx.Scenarios;

/// <summary>Tests that load the whole machine, with a browser or thousands of calls: none runs beside another, whose phones would hear gaps.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
