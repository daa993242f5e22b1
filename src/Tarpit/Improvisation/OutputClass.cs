namespace Blackwall.Tarpit.Improvisation;

/// <summary>What a program may print: decided from its name and arguments before anything is asked.</summary>
public enum OutputClass
{
    /// <summary>Lines of a report or a table.</summary>
    Report,

    /// <summary>The name and version of the program.</summary>
    Version,

    /// <summary>How to use it.</summary>
    Help,

    /// <summary>Nothing, unless it fails.</summary>
    Silent,
}
