namespace Pbx.Testing.Audio;

/// <summary>A sound in a file of its own for as long as a test needs it.</summary>
public sealed class TestSound : IDisposable
{
    /// <summary>Writes the sound to a new file.</summary>
    public TestSound(WavFile sound) => sound.Write(Path);

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sound-{Guid.NewGuid():n}.wav");

    /// <summary>A tone of 60 s.</summary>
    public static TestSound Tone(double frequency) => new(WavFile.Tone(frequency, 60));

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
