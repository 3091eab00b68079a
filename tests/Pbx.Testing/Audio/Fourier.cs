using System.Numerics;

namespace Pbx.Testing.Audio;

/// <summary>The fast Fourier transform, for correlating long sounds.</summary>
internal static class Fourier
{
    /// <summary>For each lag, the sum of a[lag + i] * b[i].</summary>
    public static double[] CrossCorrelate(short[] a, short[] b)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(a.Length + b.Length));
        Complex[] x = new Complex[size], y = new Complex[size];
        for (var i = 0; i < a.Length; i++) x[i] = a[i];
        for (var i = 0; i < b.Length; i++) y[i] = b[i];
        Transform(x, inverse: false);
        Transform(y, inverse: false);
        for (var i = 0; i < size; i++) x[i] *= Complex.Conjugate(y[i]);
        Transform(x, inverse: true);
        return Array.ConvertAll(x, c => c.Real / size);
    }

    private static void Transform(Complex[] data, bool inverse)
    {
        var n = data.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            var bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i < j) (data[i], data[j]) = (data[j], data[i]);
        }
        for (var length = 2; length <= n; length <<= 1)
        {
            var root = Complex.FromPolarCoordinates(1, (inverse ? 2 : -2) * Math.PI / length);
            for (var i = 0; i < n; i += length)
            {
                var w = Complex.One;
                for (var k = 0; k < length / 2; k++, w *= root)
                {
                    var (u, v) = (data[i + k], data[i + k + length / 2] * w);
                    (data[i + k], data[i + k + length / 2]) = (u + v, u - v);
                }
            }
        }
    }
}
