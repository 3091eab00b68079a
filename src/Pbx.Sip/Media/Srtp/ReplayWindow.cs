namespace Pbx.Sip.Media.Srtp;

/// <summary>Which packets of a stream were seen: the highest index and a window of 128 below it (RFC 3711 section 3.3.2).</summary>
internal struct ReplayWindow
{
    /// <summary>Its width.</summary>
    public const int Width = 128;

    private UInt128 seen;

    /// <summary>True once a packet was seen.</summary>
    public readonly bool Started => seen != 0;

    /// <summary>The highest index seen.</summary>
    public long Highest { get; private set; }

    /// <summary>
    /// The index of an RTP packet: the one with this sequence number that lies nearest to the highest (RFC 3711 section 3.3.1); negative when
    /// that would be before the stream's start.
    /// </summary>
    public readonly long Estimate(ushort sequence) => Started ? Highest + (short)(sequence - (ushort)Highest) : sequence;

    /// <summary>True for an index that was not seen, and is not so old that nobody could say.</summary>
    public readonly bool IsNew(long index)
    {
        var behind = Highest - index;
        return !Started || behind < 0 || (behind < Width && (seen & (UInt128.One << (int)behind)) == 0);
    }

    /// <summary>Notes an index that is new.</summary>
    public void Add(long index)
    {
        var ahead = index - Highest;
        if (!Started || ahead >= Width)
        {
            seen = 1;
            Highest = index;
        }
        else if (ahead > 0)
        {
            seen = (seen << (int)ahead) | 1;
            Highest = index;
        }
        else
        {
            seen |= UInt128.One << (int)-ahead;
        }
    }
}
