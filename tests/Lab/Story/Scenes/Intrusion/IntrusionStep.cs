namespace Blackwall.Lab.Story.Scenes.Intrusion;

/// <summary>Something that an intruder types, and what a real server prints.</summary>
/// <param name="About">What it is for, in a few words.</param>
/// <param name="Command">One or more lines.</param>
/// <param name="Printed">Regular expression that matches what a real server prints.</param>
/// <param name="Changes">It prints something else each time, or at each address: not compared with what another intruder sees.</param>
public sealed record IntrusionStep(string About, string Command, string Printed, bool Changes = false);
