using System.Diagnostics;
using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Tests.Media;

/// <summary>Judges sound by what is in it.</summary>
internal static class Ear
{
    public static short[] Tone(double frequency, int milliseconds, int rate = 8000, double amplitude = 8000) =>
        [.. Enumerable.Range(0, rate * milliseconds / 1000).Select(i => (short)(amplitude * Math.Sin(2 * Math.PI * frequency * i / rate)))];

    /// <summary>Part of the energy, 0 to 1, that lies at a frequency.</summary>
    public static double Share(ReadOnlySpan<short> samples, double frequency, int rate = 8000)
    {
        double real = 0, imaginary = 0, energy = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / samples.Length));
            var value = samples[i] * window;
            real += value * Math.Cos(2 * Math.PI * frequency * i / rate);
            imaginary += value * Math.Sin(2 * Math.PI * frequency * i / rate);
            energy += value * value;
        }
        // For a Hann window a pure tone's power at its bin is N/3 times its energy.
        return energy == 0 ? 0 : ((real * real) + (imaginary * imaginary)) * 3 / samples.Length / energy;
    }

    public static double Level(ReadOnlySpan<short> samples) => Loudness.Level(samples);

    /// <summary>Runs a program on bytes and returns what it writes.</summary>
    public static byte[] Pipe(string program, string arguments, byte[] input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        writing.Wait();
        process.WaitForExit();
        return output.ToArray();
    }

    public static byte[] Bytes(ReadOnlySpan<short> samples) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples).ToArray();

    public static short[] Samples(ReadOnlySpan<byte> bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes).ToArray();

    /// <summary>Somebody speaking, at 8 kHz.</summary>
    public static short[] Speech(string text, string voice = "fr")
    {
        var wav = Pipe("espeak-ng", $"-v {voice} --stdin --stdout", System.Text.Encoding.UTF8.GetBytes(text));
        return Samples(Pipe("ffmpeg", "-loglevel error -i pipe:0 -f s16le -ar 8000 -ac 1 pipe:1", wav));
    }
}
