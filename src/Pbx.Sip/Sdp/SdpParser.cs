using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>
/// Reads session descriptions as the field writes them: line ends of any kind, lines in any order, missing or odd lines that say
/// nothing to us. Only a media line must be right. Never throws.
/// </summary>
internal static class SdpParser
{
    private const int MostBytes = 64 * 1024;
    private const int MostMedia = 64;

    /// <summary>Parses a body; false when it is not a session description.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SdpSession? session)
    {
        session = null;
        return body.Length <= MostBytes && TryParse(Encoding.UTF8.GetString(body), out session);
    }

    /// <summary>Parses a text; false when it is not a session description.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SdpSession? session)
    {
        session = null;
        var reader = new Reader();
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.TrimEnd();
            if (line.Length >= 2 && line[1] == '=' && !reader.Take(line[0], line[2..].Trim()))
                return false;
        }
        session = reader.Finish();
        return session is not null;
    }

    private sealed class Reader
    {
        private readonly List<SdpMedia> _media = [];
        private readonly List<SdpAttribute> _sessionAttributes = [];
        private readonly List<SdpAttribute> _attributes = [];
        private SdpOrigin _origin = new("-", "0", 0, "0.0.0.0");
        private SdpMedia? _current;
        private IPAddress? _connection;
        private string _name = "-";
        private bool _isSdp;

        public bool Take(char type, ReadOnlySpan<char> value)
        {
            switch (type)
            {
                case 'v':
                    _isSdp = value is "0";
                    return _isSdp;
                case 'o':
                    _origin = Origin(value) ?? _origin;
                    return true;
                case 's':
                    _name = value.IsEmpty ? "-" : value.ToString();
                    return true;
                case 'c':
                    TakeConnection(value);
                    return true;
                case 'a':
                    (_current is null ? _sessionAttributes : _attributes).Add(Attribute(value));
                    return true;
                case 'm':
                    CloseMedia();
                    _current = Media(value);
                    return _current is not null && _media.Count < MostMedia;
                default:
                    return true;
            }
        }

        public SdpSession? Finish()
        {
            CloseMedia();
            return !_isSdp ? null : new SdpSession
            {
                Origin = _origin, Name = _name, Connection = _connection, Attributes = [.. _sessionAttributes], Media = [.. _media],
            };
        }

        private void CloseMedia()
        {
            if (_current is not null)
                _media.Add(_current with { Attributes = [.. _attributes] });
            _attributes.Clear();
            _current = null;
        }

        private void TakeConnection(ReadOnlySpan<char> value)
        {
            var address = Connection(value);
            if (_current is null)
                _connection = address;
            else
                _current = _current with { Connection = address, HasUnreadableConnection = address is null };
        }
    }

    private static SdpOrigin? Origin(ReadOnlySpan<char> value)
    {
        var parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 6 ? null : new SdpOrigin(parts[0], parts[1],
            long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0, parts[5]);
    }

    private static IPAddress? Connection(ReadOnlySpan<char> value)
    {
        var parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3)
            return null;
        // The TTL and count of multicast after a slash mean nothing here.
        var slash = parts[2].IndexOf('/');
        return IPAddress.TryParse(slash < 0 ? parts[2] : parts[2][..slash], out var address) ? address : null;
    }

    private static SdpAttribute Attribute(ReadOnlySpan<char> value)
    {
        var colon = value.IndexOf(':');
        return colon < 0
            ? new SdpAttribute(value.ToString())
            : new SdpAttribute(value[..colon].Trim().ToString(), value[(colon + 1)..].Trim().ToString());
    }

    private static SdpMedia? Media(ReadOnlySpan<char> value)
    {
        var parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3)
            return null;
        var slash = parts[1].IndexOf('/');
        if (!ushort.TryParse(slash < 0 ? parts[1] : parts[1][..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        ValueList<string> formats = [.. parts[3..]];
        return new SdpMedia { Type = parts[0], Port = port, Protocol = parts[2], Formats = formats };
    }
}
