using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Blackwall.Tarpit.Detection;

/// <summary>
/// Connections to SSH that nobody logged in on yet, limited as sshd's MaxStartups does: from <paramref name="begin"/> on some are refused at random,
/// <paramref name="rate"/> percent at first and all at <paramref name="full"/>. Thread-safe.
/// </summary>
internal sealed class Startups(int begin, int rate, int full)
{
    /// <summary>What sshd says before it closes.</summary>
    public const string Refusal = "Exceeded MaxStartups\r\n";

    private readonly Lock _lock = new();
    private readonly HashSet<IPEndPoint> _open = [];

    /// <summary>"10:30:100"; null: it is none.</summary>
    public static Startups? Parse(string text) => text.Split(':') is [var begin, var rate, var full]
        && int.TryParse(begin, NumberStyles.None, CultureInfo.InvariantCulture, out int b) && int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out int r)
        && int.TryParse(full, NumberStyles.None, CultureInfo.InvariantCulture, out int f) && b is >= 1 and <= 65_536 && r <= 100 && f >= b && f <= 65_536 ? new Startups(b, r, f) : null;

    public bool TryEnter(IPEndPoint remote)
    {
        lock (_lock)
        {
            int open = _open.Count;
            if (open >= full || (open >= begin && RandomNumberGenerator.GetInt32(100) < Chance(open)))
            {
                return false;
            }

            _open.Add(remote);
            return true;
        }
    }

    /// <summary>Somebody logged in on it, or it ended.</summary>
    public void Leave(IPEndPoint remote)
    {
        lock (_lock)
        {
            _open.Remove(remote);
        }
    }

    // Percent; grows evenly from the rate to all.
    private int Chance(int open) => full == begin ? 100 : rate + ((100 - rate) * (open - begin) / (full - begin));
}
