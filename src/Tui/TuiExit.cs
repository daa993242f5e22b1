namespace Blackwall.Tui;

/// <summary>How "tui" ends; the same numbers as "ctl" (sysexits.h).</summary>
internal static class TuiExit
{
    public const int Done = 0;
    public const int BadUsage = 64;
    public const int NoKey = 77;
}
