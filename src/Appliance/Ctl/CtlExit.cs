namespace Blackwall.Ctl;

/// <summary>How "ctl" ends (sysexits.h where it has a word for it).</summary>
internal static class CtlExit
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int BadUsage = 64;
    public const int Unreachable = 69;
    public const int NoKey = 77;
}
