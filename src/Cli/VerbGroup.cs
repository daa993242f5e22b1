namespace Blackwall.Cli;

/// <summary>What a verb is for.</summary>
internal enum VerbGroup
{
    Look,
    Decide,
    Try,
    Records,
    Machine,
}
