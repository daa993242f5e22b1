using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// How long a refusal takes. PAM waits about two seconds; sshd then waits until the time since the request is a power of two times a few
/// milliseconds that depend on the user's name and a secret, so that existing users do not show.
/// </summary>
internal sealed class AuthDelay(ReadOnlyMemory<byte> secret, double scale)
{
    private const double SmallestSeconds = 0.005;
    private const double PamSeconds = 2;
    private const double AcceptedSeconds = 0.35;

    public TimeSpan ForRefusal(string user, bool throughPam)
    {
        double elapsed = throughPam ? PamSeconds * (0.5 + ((Random() + Random() + Random()) / 3)) : 0.0005;
        double step = ForUser(user);
        while (step < elapsed)
        {
            step *= 2;
        }

        return TimeSpan.FromSeconds(step * scale);
    }

    /// <summary>How long an acceptance takes: the hash of the shadow file is computed.</summary>
    public TimeSpan ForAcceptance() => TimeSpan.FromSeconds(AcceptedSeconds * (0.9 + (0.2 * Random())) * scale);

    private double ForUser(string user)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        SHA512.HashData([.. secret.Span, .. Encoding.UTF8.GetBytes(user)], hash);
        return SmallestSeconds + (BinaryPrimitives.ReadUInt32BigEndian(hash) / 1e12);
    }

    private static double Random() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
