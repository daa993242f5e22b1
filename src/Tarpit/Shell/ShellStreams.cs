using System.Collections.Immutable;

namespace Blackwall.Tarpit.Shell;

/// <summary>The streams of a command: input, output, errors, and those with other numbers.</summary>
internal sealed record ShellStreams(ShellInput Input, ShellOutput Output, ShellOutput Error)
{
    public ImmutableDictionary<int, Descriptor> Others { get; init; } = ImmutableDictionary<int, Descriptor>.Empty;

    /// <summary>Null: it is not open.</summary>
    public Descriptor? Get(int number) => number switch
    {
        0 => Input.IsClosed ? null : new Descriptor(Input, Input.Writer),
        1 => Output is ClosedOutput ? null : new Descriptor(Output.Reader, Output),
        2 => Error is ClosedOutput ? null : new Descriptor(Error.Reader, Error),
        _ => Others.GetValueOrDefault(number),
    };

    public ShellStreams With(int number, Descriptor descriptor) => number switch
    {
        0 => this with { Input = descriptor.Input ?? ShellInput.Closed },
        1 => this with { Output = descriptor.Output ?? ClosedOutput.Instance },
        2 => this with { Error = descriptor.Output ?? ClosedOutput.Instance },
        _ => this with { Others = Others.SetItem(number, descriptor) },
    };

    public ShellStreams Without(int number) => number switch
    {
        0 => this with { Input = ShellInput.Closed },
        1 => this with { Output = ClosedOutput.Instance },
        2 => this with { Error = ClosedOutput.Instance },
        _ => this with { Others = Others.Remove(number) },
    };
}

/// <summary>What an open descriptor reads from and writes to.</summary>
internal sealed record Descriptor(ShellInput? Input, ShellOutput? Output);
