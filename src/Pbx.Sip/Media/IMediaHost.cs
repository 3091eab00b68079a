namespace Pbx.Sip.Media;

/// <summary>Media as whoever starts and ends it sees it.</summary>
internal interface IMediaHost : IMedia, IDisposable
{
    /// <summary>Starts what is not needed before calls come.</summary>
    void Start();

    /// <summary>Encodes ahead what callers will hear first.</summary>
    Task WarmUpAsync();
}
