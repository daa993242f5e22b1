using System.Globalization;
using Blackwall.Pipeline;

namespace Blackwall.Replay;

/// <summary>The time of the capture: it goes on with the packets and never back.</summary>
internal sealed class CaptureClock : TimeProvider
{
    /// <summary>The kernel takes 0 for "never".</summary>
    private const ulong Earliest = 1_000_000_000;

    /// <summary>The first day of 2200: what a decision may last still fits behind it.</summary>
    private const ulong Latest = 7_258_118_400_000_000_000;

    private readonly BootClock _dates = BootClock.Replay();

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Now { get; private set; } = Earliest;

    /// <summary>Packets that were captured before the one in front of them, or at a time that no clock shows.</summary>
    public long Unordered { get; private set; }

    public void MoveTo(ulong nanoseconds)
    {
        if (nanoseconds < Now || nanoseconds > Latest)
        {
            Unordered++;
        }

        Now = Math.Clamp(nanoseconds, Now, Math.Max(Now, Latest));
    }

    public override DateTimeOffset GetUtcNow() => _dates.ToDate(Now);

    /// <summary>RFC 3339 with all nine digits, UTC.</summary>
    public static string Text(ulong nanoseconds)
    {
        ulong seconds = nanoseconds / 1_000_000_000;
        string date = DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{date}.{nanoseconds % 1_000_000_000:D9}Z");
    }
}
