using System.Runtime.InteropServices;
using Pbx.Sip.Media.Apart;

namespace Pbx.Sip.Hosting;

/// <summary>The process that carries the sound of calls. The server starts it (<see cref="SipOptions.MediaCommand"/>), and it ends with the server.</summary>
public static class MediaServer
{
    /// <summary>True in a process that the server started.</summary>
    public static bool IsStartedByServer => Environment.GetEnvironmentVariable(ChildProgram.Mark) is not null;

    /// <summary>
    /// Carries sound until the server says that it is enough (true) or is gone: then the process ends at once with code 1, as if it were the server's own
    /// end; what it had not finished is mended at the next start.
    /// </summary>
    public static bool Run()
    {
        // Whoever ends a service or presses Ctrl+C tells all its processes. Calls that may finish need their sound, so only the server's word counts.
        using var interrupt = Ignore(PosixSignal.SIGINT);
        using var terminate = Ignore(PosixSignal.SIGTERM);
        using var quit = Ignore(PosixSignal.SIGQUIT);
        using var hangUp = Ignore(PosixSignal.SIGHUP);
        return MediaWorker.Run(ChildProgram.Descriptor, TimeProvider.System, static () => Environment.Exit(1));
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, static context => context.Cancel = true);
}
