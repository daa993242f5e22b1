using System.Globalization;
using Blackwall.Pipeline.Time;

namespace Blackwall.Replay;

/// <summary>
/// The time of the capture. It goes on with the packets and never back: packets that were written a little late come at the time of the one
/// before them. A clock that was set back is followed from where time was, so that what passes between packets stays what it was; set forward
/// again by as much, it is right again.
/// </summary>
internal sealed class CaptureClock : TimeProvider
{
    /// <summary>A packet this far ahead of the one before may be stamped wrong; the next one tells. Nanoseconds.</summary>
    public const ulong Leap = 600_000_000_000;

    /// <summary>The kernel takes 0 for "never".</summary>
    private const ulong Earliest = 1_000_000_000;

    /// <summary>The first day of 2200: what a decision may last still fits behind it.</summary>
    private const ulong Latest = 7_258_118_400_000_000_000;

    /// <summary>Farther back than this no reordering goes: the clock was set.</summary>
    private const ulong Step = 60_000_000_000;

    private readonly BootClock _dates = BootClock.Replay();
    private ulong _ahead;

    /// <summary>Nanoseconds since 1970, as the capture's clock had it before it was set back.</summary>
    public ulong Now { get; private set; } = Earliest;

    /// <summary>Packets that were captured before the one in front of them, or at a time that no clock shows.</summary>
    public long Unordered { get; private set; }

    /// <summary>Whether a packet's time lies so far ahead that the packet after it should be asked.</summary>
    public bool IsLeap(ulong nanoseconds) => Now > Earliest && Shifted(nanoseconds) > Now + Leap;

    /// <summary>Whether the packet after such a one shows that its time was wrong.</summary>
    public bool Contradicts(ulong leaper, ulong next) => Shifted(next) + Step < Shifted(leaper);

    public void MoveTo(ulong nanoseconds)
    {
        nanoseconds = Math.Min(nanoseconds, Latest);
        ulong shifted = Shifted(nanoseconds);
        if (shifted + Step < Now)
        {
            _ahead = Now - nanoseconds;
            shifted = Now;
            Unordered++;
        }
        else if (_ahead > 0 && shifted > Now + Step && IsAboutAsMuch(shifted - Now))
        {
            _ahead = nanoseconds >= Now ? 0 : Now - nanoseconds;
            shifted = Math.Max(Now, nanoseconds);
        }
        else if (shifted < Now)
        {
            Unordered++;
        }

        Now = Math.Clamp(shifted, Now, Math.Max(Now, Latest));
    }

    /// <summary>The packet's time is no time: it came with the one before.</summary>
    public void Stay() => Unordered++;

    public override DateTimeOffset GetUtcNow() => _dates.ToDate(Now);

    /// <summary>RFC 3339 with all nine digits, UTC.</summary>
    public static string Text(ulong nanoseconds)
    {
        ulong seconds = nanoseconds / 1_000_000_000;
        string date = DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{date}.{nanoseconds % 1_000_000_000:D9}Z");
    }

    private ulong Shifted(ulong nanoseconds) => Math.Min(nanoseconds, Latest) + _ahead;

    // Within a tenth: a gap of the traffic rarely is as long as the clock was set back.
    private bool IsAboutAsMuch(ulong leap) => leap >= _ahead - (_ahead / 10) && leap <= _ahead + (_ahead / 10);
}
