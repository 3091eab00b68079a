using System.Net.Security;
using System.Security.Authentication;
using CsCheck;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transport;

/// <summary>The first words of a TLS peer, made by the platform's own client.</summary>
public sealed class ClientHelloTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13)]
    public void Hello_OfAClientOfToday_TakesElliptic_AndOfEachBeginningMoreIsAwaited(SslProtocols protocols)
    {
        var hello = SaidWith(protocols);
        for (var length = 0; length < hello.Length; length++) Assert.Null(ClientHello.TakesElliptic(hello.AsSpan(0, length)));
        Assert.True(ClientHello.TakesElliptic(hello));
        Assert.True(ClientHello.TakesElliptic([.. hello, 1, 2, 3]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("REGISTER sip:pbx SIP/2.0\r\n")]
    [InlineData("\x16\x02\x00\x00\x05hello")]
    [InlineData("\x16\x03\x01\x7f\x7f")]
    [InlineData("\x16\x03\x01\x00\x00")]
    [InlineData("\x16\x03\x01\x00\x04\x02\x00\x00\x00")]
    [InlineData("\x16\x03\x01\x00\x05\x01\x00\x40\x00\x03")]
    public void Hello_ThatIsNone_TakesTheOther(string said) => Assert.False(ClientHello.TakesElliptic(System.Text.Encoding.Latin1.GetBytes(said)));

    [Fact]
    public void Hello_WithAnyByteWrong_OrRubbish_NeverThrowsAndNeverWaitsForMoreThanItsRecord()
    {
        var hello = SaidWith(SslProtocols.Tls12 | SslProtocols.Tls13);
        for (var i = 5; i < hello.Length; i++)
            foreach (var wrong in (byte[])[0, 1, 0x7f, 0xff])
            {
                var changed = (byte[])hello.Clone();
                changed[i] = wrong;
                Assert.NotNull(ClientHello.TakesElliptic(changed));
            }
        Gen.Byte.Array[0, 400].Sample(body => ClientHello.TakesElliptic([22, 3, 1, (byte)(body.Length >> 8), (byte)body.Length, .. body]) is var read && (body.Length == 0 ? read == false : read is not null));
    }

    /// <summary>What the platform's client says first.</summary>
    internal static byte[] SaidWith(SslProtocols protocols)
    {
        using var said = new Saying();
        using var client = new SslStream(said);
        Assert.ThrowsAny<Exception>(() => client.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "pbx.example.com", EnabledSslProtocols = protocols }));
        return said.ToArray();
    }

    /// <summary>Keeps what is written, and has nothing to read.</summary>
    private sealed class Saying : Stream
    {
        private readonly MemoryStream written = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public byte[] ToArray() => written.ToArray();

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(0);

        public override void Write(byte[] buffer, int offset, int count) => written.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => written.WriteAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
