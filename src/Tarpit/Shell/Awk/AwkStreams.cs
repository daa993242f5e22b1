using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>What a program reads and writes beside its variables: its input, files, and commands that run in the shell behind it. Their number and size are bounded.</summary>
internal sealed class AwkStreams(Invocation call, AwkVariables variables)
{
    private const int MostStreams = 32;
    private const int MostBytes = 4 << 20;
    private const int FlushAt = 32 * 1024;
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, StringBuilder> _writes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<string>> _reads = new(StringComparer.Ordinal);
    private Queue<string> _records = new();
    private List<string> _operands = [];
    private int _file;

    /// <summary>What is left of the command line: files, and assignments that are made when their turn comes.</summary>
    public void Begin(IEnumerable<string> operands) => _operands = [.. operands];

    /// <summary>The next record of the input; null: it is over.</summary>
    public async ValueTask<string?> NextAsync()
    {
        while (_records.Count == 0)
        {
            if (!await OpenNextAsync())
            {
                return null;
            }
        }

        variables.Count("NR");
        variables.Count("FNR");
        return _records.Dequeue();
    }

    /// <summary>nextfile.</summary>
    public void SkipFile() => _records.Clear();

    public int Status { get; private set; }

    public async ValueTask PrintAsync(string text)
    {
        _output.Append(text);
        if (_output.Length > FlushAt)
        {
            await FlushAsync();
        }
    }

    public async ValueTask FlushAsync()
    {
        if (_output.Length > 0)
        {
            string text = _output.ToString();
            _output.Clear();
            await call.PrintAsync(text);
        }
    }

    /// <param name="kind">"&gt;", "&gt;&gt;" or "|".</param>
    /// <param name="to">File or command.</param>
    /// <param name="text">What is written.</param>
    public async ValueTask WriteAsync(string kind, string to, string text)
    {
        if (to is "/dev/stdout" or "-")
        {
            await PrintAsync(text);
            return;
        }

        if (to is "/dev/stderr")
        {
            await FlushAsync();
            await call.Streams.Error.WriteAsync(text, call.Cancellation);
            return;
        }

        string key = (kind is "|" ? "|" : ">") + to;
        if (!_writes.TryGetValue(key, out StringBuilder? written))
        {
            if (_writes.Count >= MostStreams)
            {
                return;
            }

            written = _writes[key] = new StringBuilder();
            if (kind is ">>" && call.Read(to, out byte[] before) == FileError.None)
            {
                written.Append(Encoding.Latin1.GetString(before));
            }
        }

        if (written.Length + text.Length <= MostBytes)
        {
            written.Append(text);
        }
    }

    /// <summary>The next line of a file or of what a command prints: 1, 0 at the end, -1 when it cannot be read.</summary>
    public async ValueTask<(int Result, string Line)> ReadAsync(string from, bool isCommand)
    {
        string key = (isCommand ? "|" : "<") + from;
        if (!_reads.TryGetValue(key, out Queue<string>? lines))
        {
            if (_reads.Count >= MostStreams)
            {
                return (-1, "");
            }

            string? text = isCommand ? await RunAsync(from, new ShellStreams(call.Streams.Input, new BufferOutput(MostBytes), call.Streams.Error))
                : from is "-" ? Encoding.Latin1.GetString(await call.Streams.Input.ReadAllAsync(call.Cancellation))
                : call.Read(from, out byte[] content) == FileError.None ? Encoding.Latin1.GetString(content) : null;
            if (text is null)
            {
                return (-1, "");
            }

            lines = _reads[key] = new Queue<string>(AwkSplit.Records(text, variables.Text("RS")));
        }

        return lines.TryDequeue(out string? line) ? (1, line) : (0, "");
    }

    public async ValueTask<int> SystemAsync(string command)
    {
        await FlushAsync();
        await RunAsync(command, call.Streams);
        return call.State.Status;
    }

    public async ValueTask<int> CloseAsync(string name)
    {
        bool wasOpen = _reads.Remove("|" + name) | _reads.Remove("<" + name);
        foreach (string key in new[] { "|" + name, ">" + name })
        {
            if (_writes.Remove(key, out StringBuilder? written))
            {
                wasOpen = true;
                await FinishAsync(key, written.ToString());
            }
        }

        return wasOpen ? 0 : -1;
    }

    /// <summary>The program is over: files are written, and commands run on what was written to them.</summary>
    public async ValueTask EndAsync()
    {
        await FlushAsync();
        foreach ((string key, StringBuilder written) in _writes.ToArray())
        {
            await FinishAsync(key, written.ToString());
        }

        _writes.Clear();
    }

    private async ValueTask<bool> OpenNextAsync()
    {
        while (_file < _operands.Count)
        {
            string operand = _operands[_file++];
            if (AwkCommand.Assignment(operand) is { } set)
            {
                variables.Set(set.Name, AwkValue.OfInput(set.Value));
                continue;
            }

            _isRead = true;
            if (operand is "-")
            {
                return await OpenInputAsync();
            }

            FileError error = call.Read(operand, out byte[] content);
            if (error != FileError.None)
            {
                await FlushAsync();
                Status = 2;
                await call.Streams.Error.WriteAsync($"awk: cannot open \"{operand}\" ({error.Text()})\n", call.Cancellation);
                continue;
            }

            Open(operand, Encoding.Latin1.GetString(content));
            return true;
        }

        return !_isRead && await OpenInputAsync();
    }

    private bool _isRead;

    private async ValueTask<bool> OpenInputAsync()
    {
        _isRead = true;
        Open("", Encoding.Latin1.GetString(await call.Streams.Input.ReadAllAsync(call.Cancellation)));
        return true;
    }

    private void Open(string name, string text)
    {
        variables.Set("FILENAME", AwkValue.Of(name));
        variables.Set("FNR", AwkValue.Of(0));
        _records = new Queue<string>(AwkSplit.Records(text, variables.Text("RS")));
    }

    private async ValueTask FinishAsync(string key, string written)
    {
        await FlushAsync();
        if (key[0] == '|')
        {
            await RunAsync(key[1..], call.Streams with { Input = ShellInput.From(Encoding.Latin1.GetBytes(written)) });
            return;
        }

        FileError error = call.Files.Write(call.State.Path(key[1..]), Encoding.Latin1.GetBytes(written), call.State.Visit.UserId, call.State.Visit.UserId);
        if (error != FileError.None)
        {
            Status = 2;
            await call.Streams.Error.WriteAsync($"awk: cannot open \"{key[1..]}\" ({error.Text()})\n", call.Cancellation);
        }
    }

    private async ValueTask<string> RunAsync(string command, ShellStreams streams)
    {
        const int deepest = 50;
        if (call.State.Depth > deepest)
        {
            return "";
        }

        call.State.Depth += 2;
        await call.Interpreter.CallAsync(["sh", "-c", command], streams, call.Cancellation);
        call.State.Depth -= 2;
        return streams.Output is BufferOutput printed ? printed.Text : "";
    }
}
