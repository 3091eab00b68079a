using System.Text;
using MailKit;

namespace Pbx.Core.Mail;

/// <summary>
/// Listens to an SMTP session for two things: the server's own words, and whether the end of the data has left us, for a session that
/// breaks after that point leaves open whether the server has the mail (RFC 5321 section 4.5.4.1). Keeps nothing that we send.
/// </summary>
internal sealed class ReplyLog : IProtocolLogger
{
    private static readonly byte[] EndOfData = "\r\n.\r\n"u8.ToArray();
    private readonly StringBuilder reply = new();
    private readonly Queue<byte> tail = new();
    private bool inData;

    /// <summary>The server's last reply, its lines joined.</summary>
    public string Words => reply.ToString().Trim();

    /// <summary>The end of the data was sent and not answered yet.</summary>
    public bool DataEnded { get; private set; }

    /// <inheritdoc/>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <inheritdoc/>
    public void LogConnect(Uri uri) => reply.Clear();

    /// <inheritdoc/>
    public void LogClient(byte[] buffer, int offset, int count)
    {
        reply.Clear();
        if (!inData) return;
        foreach (var b in buffer.AsSpan(offset, count))
        {
            tail.Enqueue(b);
            if (tail.Count > EndOfData.Length) tail.Dequeue();
        }
        DataEnded = tail.SequenceEqual(EndOfData);
    }

    /// <inheritdoc/>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        var text = Encoding.UTF8.GetString(buffer, offset, count);
        // RFC 5321 section 4.2: 354 asks for the data; any other reply ends the transaction's open question.
        inData = text.StartsWith("354", StringComparison.Ordinal);
        DataEnded = false;
        tail.Clear();
        if (reply.Length < 1000) reply.Append(text.ReplaceLineEndings(" "));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
