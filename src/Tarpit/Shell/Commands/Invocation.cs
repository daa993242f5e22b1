using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Execution;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>One call of a command.</summary>
internal sealed record Invocation(
    string Name,
    IReadOnlyList<string> Arguments,
    ShellStreams Streams,
    ShellState State,
    ICommandRunner Interpreter,
    CancellationToken Cancellation)
{
    private const long MostKept = 4 << 20;

    // So little is not counted.
    private const long Unheeded = 64 * 1024;

    private HeldBytes? _held;

    /// <summary>exec -a: the name that the program is told to have; null: its own.</summary>
    public string? CalledAs { get; init; }

    public FileSystem Files => State.Files;

    public Machine Machine => State.Visit.Machine;

    /// <summary>Arguments that are no options; after "--" all are.</summary>
    public IReadOnlyList<string> Operands
    {
        get
        {
            int end = Arguments.ToList().IndexOf("--");
            return [.. Arguments.Where((argument, at) => end >= 0 && at > end ? at != end : (argument.Length < 2 || argument[0] != '-') && at != end)];
        }
    }

    // They are asked for often, and arguments may be many. Another list of arguments has other ones.
    private (IReadOnlyList<string> From, string[] Options) _options = ([], []);

    private string[] Options
    {
        get
        {
            if (!ReferenceEquals(_options.From, Arguments))
            {
                _options = (Arguments, [.. Arguments.TakeWhile(argument => argument is not "--").Where(argument => argument.StartsWith('-'))]);
            }

            return _options.Options;
        }
    }

    /// <summary>Whether an option is given, alone or among others: -l of -la; or by its long name.</summary>
    public bool Has(char letter, string? longName = null) => Options.Any(argument =>
        argument.StartsWith("--", StringComparison.Ordinal)
            ? longName is not null && string.Equals(argument[2..].Split('=')[0], longName, StringComparison.Ordinal)
            : argument.Length > 1 && argument[0] == '-' && argument.Contains(letter, StringComparison.Ordinal));

    /// <summary>The program keeps so many bytes more until it ends.</summary>
    /// <exception cref="MemoryExhaustedException">The session has no memory for them.</exception>
    public void Hold(long bytes)
    {
        if (bytes < Unheeded)
        {
            return;
        }

        _held ??= new HeldBytes();
        _held.Bytes += bytes;
        State.Budget.Memory.Hold(_held);
        if (!State.Budget.Memory.TryGrow(bytes))
        {
            throw new MemoryExhaustedException();
        }
    }

    /// <summary>The program has ended.</summary>
    public void Release()
    {
        if (_held is not null)
        {
            State.Budget.Memory.Drop(_held);
            _held = null;
        }
    }

    /// <summary>Between two files of many: others have their turn.</summary>
    /// <param name="characters">What the program has read and keeps.</param>
    /// <exception cref="MemoryExhaustedException">It is more than a program may have.</exception>
    public ValueTask GiveWayAsync(long characters = 0) => characters <= MostKept ? State.Budget.GiveWayAsync(Cancellation) : throw new MemoryExhaustedException();

    public async ValueTask PrintAsync(string text)
    {
        await State.Budget.GiveWayAsync(Cancellation);
        await Streams.Output.WriteAsync(text, Cancellation);
    }

    public async ValueTask<int> FailAsync(string text, int status = 1)
    {
        await State.Budget.GiveWayAsync(Cancellation);

        // Texts of the shell are bytes; quotation marks and the like that stand in messages are not.
        await Streams.Error.WriteAsync(string.Concat($"{Name.Split('/')[^1]}: {text}\n".Select(c => c <= 0xFF ? c.ToString() : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(c.ToString())))), Cancellation);
        return status;
    }

    /// <summary>What a delay of a real machine would be, scaled.</summary>
    public Task WaitAsync(double seconds) => State.Turns.OutsideAsync(() => Task.Delay(TimeSpan.FromSeconds(seconds * State.Visit.Settings.DelayScale), Machine.Time, Cancellation));

    /// <summary>The text of files, or of the input without any ("-" too). Files that cannot be read are told and left out.</summary>
    public async ValueTask<(List<(string Name, string Text)> Files, int Status)> ReadAsync(IReadOnlyList<string> names)
    {
        List<(string, string)> texts = [];
        int status = 0;
        foreach (string name in names.Count == 0 ? ["-"] : names)
        {
            await GiveWayAsync(texts.Sum(text => (long)text.Item2.Length));
            if (Opened(name) is { } input)
            {
                texts.Add((name, Encoding.Latin1.GetString(await input.ReadAllAsync(Cancellation))));
                continue;
            }

            FileError error = Read(name, out byte[] content);
            if (error == FileError.None)
            {
                texts.Add((name, Encoding.Latin1.GetString(content)));
            }
            else
            {
                status = await FailAsync($"{Quoting.OfFile(name)}: {error.Text()}");
            }
        }

        return (texts, status);
    }

    /// <summary>What "-", /dev/stdin or /dev/fd/3 stand for, or a device without an end; null: it is another file.</summary>
    public ShellInput? Opened(string name) => name is "-" ? Streams.Input : ShellStreams.Number(name) is { } number ? Streams.Get(number)?.Input : Device(name);

    private ShellInput? Device(string name) =>
        name.StartsWith('/') && Files.Find(State.Path(name)) is DeviceNode { IsEndless: true } device && Access.MayRead(device, State.Visit.UserId) ? ShellInput.Endless(device.Read) : null;

    public FileError Read(string name, out byte[] content)
    {
        content = [];
        return Files.Find(State.Path(name)) is { } node && !Access.MayRead(node, State.Visit.UserId) ? FileError.NotPermitted : Files.Read(State.Path(name), out content);
    }

    /// <summary>The number that an option is given: -n 5, -n5, or -5.</summary>
    public int Number(char letter, int otherwise)
    {
        for (int i = 0; i < Arguments.Count; i++)
        {
            string argument = Arguments[i];
            string? text = string.Equals(argument, $"-{letter}", StringComparison.Ordinal) && i + 1 < Arguments.Count ? Arguments[i + 1]
                : argument.StartsWith($"-{letter}", StringComparison.Ordinal) ? argument[2..]
                : argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? argument[1..] : null;
            if (text is not null && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }
        }

        return otherwise;
    }

    /// <summary>Operands without the values of these options.</summary>
    public IReadOnlyList<string> OperandsWithout(string optionsWithValue)
    {
        List<string> operands = [];
        for (int i = 0; i < Arguments.Count; i++)
        {
            string argument = Arguments[i];
            if (argument.Length == 2 && argument[0] == '-' && optionsWithValue.Contains(argument[1], StringComparison.Ordinal))
            {
                i++;
            }
            else if (argument.Length < 2 || argument[0] != '-')
            {
                operands.Add(argument);
            }
        }

        return operands;
    }

    /// <summary>The value of an option with one; null: it is not given.</summary>
    public string? Value(char letter)
    {
        for (int i = 0; i < Arguments.Count; i++)
        {
            if (Arguments[i].Length > 1 && Arguments[i][0] == '-' && Arguments[i][1] == letter)
            {
                return Arguments[i].Length > 2 ? Arguments[i][2..] : i + 1 < Arguments.Count ? Arguments[i + 1] : null;
            }
        }

        return null;
    }
}
