namespace Blackwall.Fuzz;

/// <summary>A parser under fire. Add a class that implements this and it is a target by its name.</summary>
internal interface IFuzzTarget
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>Inputs to start from: good ones and the known bad ones.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Runs one input. Throws, or says in a sentence what was violated; null: all is well.</summary>
    string? Run(ReadOnlySpan<byte> input);
}
