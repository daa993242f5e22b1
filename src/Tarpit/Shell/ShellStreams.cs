using System.Collections.Immutable;
using System.Globalization;

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

    /// <summary>The descriptor that a path such as /dev/fd/3 stands for; null: it is another file.</summary>
    public static int? Number(string path) => path switch
    {
        "/dev/stdin" => 0,
        "/dev/stdout" => 1,
        "/dev/stderr" => 2,
        _ => path.StartsWith("/dev/fd/", StringComparison.Ordinal) ? Parse(path.AsSpan(8)) : path.StartsWith("/proc/self/fd/", StringComparison.Ordinal) ? Parse(path.AsSpan(14)) : null,
    };

    private static int? Parse(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>One more shell has them open: readers of a pipe wait for each that could write to it.</summary>
    public void Share()
    {
        Input.Share();
        Output.Share();
        Error.Share();
        foreach (Descriptor descriptor in Others.Values)
        {
            descriptor.Input?.Share();
            descriptor.Output?.Share();
        }
    }

    /// <summary>A shell that had them open is done with them.</summary>
    public void Release()
    {
        Input.Release();
        Output.Release();
        Error.Release();
        foreach (Descriptor descriptor in Others.Values)
        {
            descriptor.Input?.Release();
            descriptor.Output?.Release();
        }
    }

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
