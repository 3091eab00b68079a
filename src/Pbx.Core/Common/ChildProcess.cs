using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Pbx.Core.Common;

/// <summary>How a child process ended.</summary>
/// <param name="Succeeded">Exit code 0 in time.</param>
/// <param name="Words">What it said on its error output (the beginning), or why it did not run.</param>
internal sealed record ChildResult(bool Succeeded, string Words);

/// <summary>Runs a program with given arguments: no shell, no input, a limit of time, and low priority, for calls come first.</summary>
internal static class ChildProcess
{
    private const int MostWords = 2000;

    /// <summary>Runs to the end; kills the program and its children when the time is over or the work is cancelled.</summary>
    public static async Task<ChildResult> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false,
            },
        };
        if (Start(process) is { } reason) return new ChildResult(false, reason);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            var words = ReadBeginningAsync(process.StandardError, timeout.Token);
            await ReadBeginningAsync(process.StandardOutput, timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new ChildResult(process.ExitCode == 0, await words is { Length: > 0 } said ? said : $"{program} ended with code {process.ExitCode}.");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new ChildResult(false, $"{program} took longer than {limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Splits a command line at blanks; single or double quotes hold an argument together. Nothing else has a meaning.</summary>
    public static IReadOnlyList<string> Split(string commandLine)
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var quote = '\0';
        var begun = false;
        foreach (var c in commandLine)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                begun = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (begun) arguments.Add(current.ToString());
                current.Clear();
                begun = false;
            }
            else
            {
                current.Append(c);
                begun = true;
            }
        }
        if (begun) arguments.Add(current.ToString());
        return arguments;
    }

    private static string? Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return $"{process.StartInfo.FileName} cannot be started: {error.Message}";
        }
        process.StandardInput.Close();
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended already, or the system does not let us: only a courtesy to the calls.
        }
        return null;
    }

    private static async Task<string> ReadBeginningAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var words = new StringBuilder();
        var buffer = new char[1024];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellationToken)) > 0)
            if (words.Length < MostWords) words.Append(buffer, 0, Math.Min(count, MostWords - words.Length));
        return words.ToString().Trim();
    }
}
