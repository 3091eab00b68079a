using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Media.Apart;

/// <summary>
/// A program of ours that was started with one end of a socket pair as descriptor <see cref="Descriptor"/>, and inherits nothing else: the framework
/// can start processes, but not hand a socket to them.
/// </summary>
internal sealed unsafe class ChildProgram : IDisposable
{
    /// <summary>The number under which the program finds its socket.</summary>
    public const int Descriptor = 3;

    /// <summary>The variable that tells the program that it is started so.</summary>
    public const string Mark = "PBX_MEDIA_LINK";

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    // posix_spawn_file_actions_t has 80 bytes.
    private const int ActionsRoom = 256;

    /// <summary>
    /// What the runtime of media is told: one heap, collected at once and seldom. There is so little of it that this takes a millisecond, and threads
    /// that collect in the background would only compete with sound.
    /// </summary>
    private static readonly Dictionary<string, string> Runtime = new(StringComparer.Ordinal)
    {
        ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_GCgen0size"] = "0x2000000", [Mark] = "3",
    };

    private readonly int process;
    private int gone;

    private ChildProgram(int process) => this.process = process;

    /// <summary>Starts a program.</summary>
    /// <param name="command">Its path and its arguments.</param>
    /// <param name="socket">The descriptor that it gets; closed here.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static ChildProgram Start(IReadOnlyList<string> command, int socket)
    {
        var actions = stackalloc byte[ActionsRoom];
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, socket, Descriptor);
        var arguments = new NativeTexts(command);
        var environment = new NativeTexts(Environment(System.Environment.GetEnvironmentVariables()));
        try
        {
            int process;
            var error = Libc.posix_spawn(&process, arguments.First[0], actions, null, arguments.First, environment.First);
            return error == 0 ? new ChildProgram(process) : throw new Win32Exception(error, $"{command[0]} could not be started for the sound of calls");
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            arguments.Free();
            environment.Free();
            _ = Libc.close(socket);
        }
    }

    /// <summary>Ends it if it has not ended, and waits for that as long as is sensible: one that waits for a dead disk cannot end.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref gone, 1) != 0) return;
        _ = Libc.kill(process, Libc.SIGKILL);
        _ = Task.Run(AwaitEnd).Wait(LongestEnd);
    }

    private void AwaitEnd()
    {
        int status;
        while (Libc.waitpid(process, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }
    }

    /// <summary>The environment without our settings, which may hold secrets that sound has no need of.</summary>
    internal static List<string> Environment(IDictionary variables)
    {
        var list = Runtime.Select(each => $"{each.Key}={each.Value}").ToList();
        foreach (DictionaryEntry variable in variables)
            if (variable is { Key: string name, Value: string value } && !name.StartsWith("PBX_", StringComparison.OrdinalIgnoreCase) && !Runtime.ContainsKey(name))
                list.Add($"{name}={value}");
        return list;
    }

    /// <summary>A list of texts as C has it: pointers to texts with a zero behind each, and a null pointer behind all.</summary>
    private readonly ref struct NativeTexts
    {
        private readonly int count;

        public NativeTexts(IReadOnlyList<string> texts)
        {
            count = texts.Count;
            First = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(texts[i]);
                First[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(First[i], bytes.Length));
            }
        }

        public byte** First { get; }

        public void Free()
        {
            for (var i = 0; i < count; i++) NativeMemory.Free(First[i]);
            NativeMemory.Free(First);
        }
    }
}
