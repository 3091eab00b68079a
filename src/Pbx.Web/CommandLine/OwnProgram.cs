using System.Reflection;
using Pbx.Sip.Hosting;

namespace Pbx.Web.CommandLine;

/// <summary>This program as it starts itself a second time, for the sound of calls.</summary>
internal static class OwnProgram
{
    /// <summary>The verb under which it carries sound.</summary>
    public const string MediaVerb = "media";

    /// <summary>How it starts itself for that; null where another program hosts the server, as tests do.</summary>
    public static IReadOnlyList<string>? MediaCommand { get; } = Command();

    /// <summary>Carries sound until the server ends.</summary>
    public static int CarrySound()
    {
        if (!MediaServer.IsStartedByServer)
        {
            Console.Error.WriteLine("The server starts this by itself: there is nothing to be done by hand.");
            return PbxCommands.BadUsage;
        }
        return MediaServer.Run() ? 0 : 1;
    }

    private static string[]? Command()
    {
        if (Assembly.GetEntryAssembly() != typeof(OwnProgram).Assembly || Environment.ProcessPath is not { } program) return null;
        // Started as "dotnet pbx.dll", the program is the framework's.
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0], MediaVerb] : [program, MediaVerb];
    }
}
