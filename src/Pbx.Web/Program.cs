using Pbx.Web.CommandLine;

return await PbxCommands.RunAsync(args);
