namespace Blackwall.Cli;

/// <summary>How a verb ends (sysexits.h where it has a word for it).</summary>
internal static class CliExit
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int BadUsage = 64;
    public const int BadFile = 65;
    public const int Unreachable = 69;
    public const int NoKey = 77;

    /// <summary>A program of the product is not installed.</summary>
    public const int NoProgram = 127;

    /// <summary>Every exit code of every verb, with what it means.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Refused, "the appliance refused or failed, or is not ready ('health'); standard error says why"),
        (BadUsage, "the command line is not understood"),
        (BadFile, "a file cannot be read, or holds what it should not ('import', 'propose'); a capture is damaged ('replay')"),
        (Unreachable, "the appliance cannot be reached; 'run': the API cannot listen"),
        (71, "'run': the kernel refuses the wall"),
        (73, "'run': the state folder cannot be used"),
        (NoKey, "the key cannot be read or is not accepted"),
        (78, "'run', 'check-config': the configuration is wrong"),
        (NoProgram, "a program of the product that the verb needs is not there"),
    ];
}
