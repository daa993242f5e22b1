namespace Blackwall.Pipeline.Board;

/// <summary>Bounds of the board and the ladder of block times.</summary>
public sealed class BoardOptions
{
    /// <summary>Most decisions held; 1,024..16,777,216. The last 1/64 is kept for the operator and the guard.</summary>
    public int MaxDecisions { get; set; } = 2_000_000;

    /// <summary>How long a first automatic decision lasts.</summary>
    public TimeSpan FirstTtl { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Each repetition lasts this many times longer.</summary>
    public int Escalation { get; set; } = 6;

    /// <summary>No automatic decision lasts longer.</summary>
    public TimeSpan MaxTtl { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A block counts as a repetition if the one before ended less than this ago.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most scopes remembered for escalation.</summary>
    public int MaxRemembered { get; set; } = 262_144;

    /// <summary>Whether redirected packets of IPv4 have a tarpit to go to; without one they would pass, so nothing is redirected.</summary>
    public bool CanRedirect4 { get; set; } = true;

    /// <summary>Of IPv6.</summary>
    public bool CanRedirect6 { get; set; } = true;
}
