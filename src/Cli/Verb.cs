using System.CommandLine;

namespace Blackwall.Cli;

/// <summary>One verb of the command line: its own arguments and options, and what it does.</summary>
internal abstract class Verb(string name, string description, VerbGroup group = VerbGroup.Look) : Command(name, description)
{
    /// <summary>Under which title help lists it.</summary>
    public VerbGroup Group => group;

    /// <summary>What follows the program's name in examples, with what each does.</summary>
    public virtual IReadOnlyList<(string Line, string What)> Examples => [];

    /// <summary>Paragraphs of help beyond the description.</summary>
    public virtual IReadOnlyList<string> More => [];
}
