using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// Keeps bindings over restarts: a file of lines, appended to by one writer outside of the shards and rewritten when most of it is past.
/// A line that was cut by a crash is left out; its device registers again.
/// </summary>
internal sealed class BindingJournal(string file, Action<Exception> failed) : IDisposable
{
    private const int RewriteAbove = 2000;

    private static readonly JsonSerializerOptions Form = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    private readonly Channel<Line> lines = Channel.CreateUnbounded<Line>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, Line> live = [];
    private Task? writer;
    private int written;
    private int waiting;

    /// <summary>Lines not yet in the file.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Reads what the last run left, and starts the writer.</summary>
    public IReadOnlyList<Binding> Start()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        Read();
        // Devices register already while a start goes on, and from here on their lines are the writer's.
        IReadOnlyList<Binding> left = [.. live.Values.Select(line => line.ToBinding()).OfType<Binding>()];
        writer = Task.Run(WriteAsync);
        return left;
    }

    /// <summary>Writes a binding, soon.</summary>
    public void Put(Binding binding) => Add(Line.Of(binding));

    /// <summary>Writes that a binding is no more, soon.</summary>
    public void Remove(Binding binding) => Add(Line.Of(binding) with { Gone = true });

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        lines.Writer.TryComplete();
        writer?.Wait(TimeSpan.FromSeconds(5));
    }

    private void Add(Line line)
    {
        Interlocked.Increment(ref waiting);
        if (!lines.Writer.TryWrite(line))
            Interlocked.Decrement(ref waiting);
    }

    private void Read()
    {
        if (!File.Exists(file))
            return;
        foreach (var text in File.ReadLines(file))
        {
            written++;
            if (Parse(text) is { } line)
                Keep(line);
        }
    }

    private static Line? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Form);
        }
        catch (JsonException)
        {
            // The end of a file that was being written when the process was killed.
            return null;
        }
    }

    private void Keep(Line line)
    {
        if (line.Gone)
            live.Remove(line.Key);
        else
            live[line.Key] = line;
    }

    private async Task WriteAsync()
    {
        while (await lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            List<Line> batch = [];
            while (lines.Reader.TryRead(out var line))
                batch.Add(line);
            batch.ForEach(Keep);
            try
            {
                if (written + batch.Count > RewriteAbove + live.Count * 2)
                    Rewrite();
                else
                    await File.AppendAllLinesAsync(file, batch.Select(Text)).ConfigureAwait(false);
                written += batch.Count;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A full or read-only disk must not stop registrations: the next rewrite has everything again.
                written = int.MaxValue / 2;
                failed(exception);
            }
            Interlocked.Add(ref waiting, -batch.Count);
        }
    }

    private void Rewrite()
    {
        var fresh = file + ".new";
        File.WriteAllLines(fresh, live.Values.Select(Text));
        File.Move(fresh, file, overwrite: true);
        written = live.Count;
    }

    private static string Text(Line line) => JsonSerializer.Serialize(line, Form);

    private sealed record Line(string Extension, string Device, string Contact, string CallId, uint CSeq, DateTimeOffset RegisteredAt,
        DateTimeOffset ExpiresAt, int Preference, string[] Path, string Transport, string Source, string Instance, string RegId,
        string UserAgent, bool Gone = false)
    {
        [JsonIgnore]
        public string Key => $"{Extension}\n{Device}\n{Contact}";

        public static Line Of(Binding binding) => new(binding.Extension, binding.Device, binding.Contact.ToString(), binding.CallId,
            binding.CSeq, binding.RegisteredAt, binding.ExpiresAt, binding.Preference, [.. binding.Path.Select(uri => uri.ToString())],
            binding.Transport.ToString(), binding.Source.ToString(), binding.Instance, binding.RegId,
            binding.UserAgent);

        /// <summary>The binding without its flow; one over UDP is usable all the same, for there the address is the way.</summary>
        public Binding? ToBinding()
        {
            if (!SipUri.TryParse(Contact, out var contact) || !IPEndPoint.TryParse(Source, out var source)
                || !Enum.TryParse<SipTransport>(Transport, out var transport))
                return null;
            return new Binding
            {
                Extension = Extension, Device = Device, Contact = contact, CallId = CallId, CSeq = CSeq, RegisteredAt = RegisteredAt,
                ExpiresAt = ExpiresAt, Preference = Preference, Path = [.. (Path ?? []).Select(SipUri.Parse)], Transport = transport,
                Source = source, Instance = Instance ?? "", RegId = RegId ?? "", UserAgent = UserAgent ?? "",
            };
        }
    }
}
