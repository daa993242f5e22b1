using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>Runs a sed script over lines. Spaces are characters; lines are bounded.</summary>
internal sealed class SedMachine(IReadOnlyList<SedCommand> commands, bool isQuiet, Func<CancellationToken, ValueTask> step)
{
    private const int Longest = 1 << 20;

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _appended = new();
    private string[] _lines = [];
    private bool _endsWithLine;
    private char _end = '\n';
    private int _next;
    private long _number;
    private string _space = "";
    private string _hold = "";
    private Regex? _last;
    private bool _isChanged;
    private bool _lacksEnd;

    /// <summary>What w commands wrote, by file.</summary>
    public Dictionary<string, StringBuilder> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What r commands read.</summary>
    public required Func<string, string> Read { get; init; }

    public string FileName { get; set; } = "-";

    public bool HasQuit { get; private set; }

    public int Status { get; private set; }

    /// <summary>Runs the script over one text.</summary>
    /// <param name="isLast">Whether no text follows: "$" is the last line of the last one.</param>
    public async ValueTask<string> RunAsync(string text, char end, bool isLast, CancellationToken cancellation)
    {
        _output.Clear();
        _lacksEnd = false;
        (_end, _next) = (end, 0);
        _endsWithLine = text.EndsWith(end);
        string[] lines = Text.Lines.Split(text, end);
        _lines = _endsWithLine || text.Length == 0 ? lines[..^1] : lines;
        _isLastText = isLast;
        while (!HasQuit && _next < _lines.Length)
        {
            _space = Characters.Of(_lines[_next++]);
            _number++;
            _isChanged = false;
            await CycleAsync(cancellation);
        }

        return _output.ToString();
    }

    /// <summary>Lines count from 1 again (-i, -s).</summary>
    public void Restart()
    {
        _number = 0;
        foreach (SedCommand command in commands)
        {
            (command.IsOpen, command.IsClosed) = (false, false);
        }
    }

    /// <summary>With the next file, if files are separate: what ended the last one ended that alone.</summary>
    public void Resume(bool isSeparate) => HasQuit = HasQuit && !isSeparate;

    private bool _isLastText;

    private bool IsAtLast => _isLastText && _next >= _lines.Length;

    private async ValueTask CycleAsync(CancellationToken cancellation)
    {
        bool restarts;
        do
        {
            restarts = await RunScriptAsync(cancellation);
        }
        while (restarts && !HasQuit);
    }

    // True: D goes on without a new line.
    private async ValueTask<bool> RunScriptAsync(CancellationToken cancellation)
    {
        for (int at = 0; at < commands.Count; at++)
        {
            await step(cancellation);
            SedCommand command = commands[at];
            if (command.Name == '}' || command.Name == ':')
            {
                continue;
            }

            if (Selects(command) == command.IsNegated)
            {
                at = command.Name == '{' ? command.Target : at;
                continue;
            }

            switch (command.Name)
            {
                case 'b':
                    at = command.Target - 1;
                    break;
                case 't':
                    at = _isChanged ? command.Target - 1 : at;
                    _isChanged = false;
                    break;
                case 'T':
                    at = _isChanged ? at : command.Target - 1;
                    _isChanged = false;
                    break;
                case 'd':
                    Flush();
                    return false;
                case 'D':
                    int newline = _space.IndexOf('\n', StringComparison.Ordinal);
                    Flush();
                    if (newline < 0)
                    {
                        return false;
                    }

                    _space = _space[(newline + 1)..];
                    return true;
                case 'c':
                    if (command.Second is null || command.IsNegated || !command.IsOpen)
                    {
                        _output.Append(command.Text);
                    }

                    Flush();
                    return false;
                case 'n':
                    if (IsAtLast || _next >= _lines.Length)
                    {
                        // GNU prints and ends without running the rest.
                        EndCycle();
                        HasQuit = _isLastText;
                        return false;
                    }

                    EndCycle();
                    Take();
                    break;
                case 'N':
                    if (_next >= _lines.Length)
                    {
                        EndCycle();
                        HasQuit = _isLastText;
                        return false;
                    }

                    Flush();
                    Limit(_space + "\n" + Characters.Of(_lines[_next++]));
                    _number++;
                    break;
                case 'q':
                    EndCycle();
                    Quit(command);
                    return false;
                case 'Q':
                    Quit(command);
                    return false;
                default:
                    Run(command);
                    break;
            }
        }

        EndCycle();
        return false;
    }

    private void Run(SedCommand command)
    {
        switch (command.Name)
        {
            case '=':
                EndLine();
                _output.Append(_number.ToString(CultureInfo.InvariantCulture)).Append('\n');
                break;
            case 'a':
                _appended.Append(command.Text);
                break;
            case 'i':
                EndLine();
                _output.Append(command.Text);
                break;
            case 'g':
                _space = _hold;
                break;
            case 'G':
                Limit(_space + "\n" + _hold);
                break;
            case 'h':
                _hold = _space;
                break;
            case 'H':
                _hold = _hold.Length + _space.Length < Longest ? _hold + "\n" + _space : _hold;
                break;
            case 'x':
                (_space, _hold) = (_hold, _space);
                break;
            case 'z':
                _space = "";
                break;
            case 'p':
                Print(_space);
                break;
            case 'P':
                int newline = _space.IndexOf('\n', StringComparison.Ordinal);
                Print(newline < 0 ? _space : _space[..newline], always: true);
                break;
            case 'l':
                EndLine();
                _output.Append(SedText.Visible(Characters.ToBytes(_space), int.TryParse(command.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : 70));
                break;
            case 'F':
                _output.Append(FileName).Append('\n');
                break;
            case 'r':
                _appended.Append(Read(command.Text));
                break;
            case 'w':
                Write(command.Text, _space);
                break;
            case 'W':
                Write(command.Text, _space.Split('\n')[0]);
                break;
            case 's':
                Substitute(command.Substitution!);
                break;
            case 'y':
                _space = string.Concat(_space.Select(c => command.Map!.GetValueOrDefault(c, c)));
                break;
        }
    }

    private bool Selects(SedCommand command) => SedRanges.Selects(command, _number, IsAtLast, Fits);

    private bool Fits(SedAddress address)
    {
        switch (address.Kind)
        {
            case 'n':
                return _number == address.Line;
            case '$':
                return IsAtLast;
            case '~':
                return address.Step <= 0 ? _number == address.Line : _number >= address.Line && (_number - address.Line) % address.Step == 0;
            default:
                Regex? expression = address.Expression ?? _last;
                _last = expression;
                return expression?.IsMatch(_space) ?? false;
        }
    }

    private void Substitute(SedSubstitution substitution)
    {
        Regex? expression = substitution.Expression ?? _last;
        _last = expression;
        if (expression is null)
        {
            return;
        }

        StringBuilder made = new();
        int from = 0, count = 0, behind = -1;
        bool isDone = false;
        for (Match match = expression.Match(_space); match.Success && made.Length < Longest; match = match.NextMatch())
        {
            if (match.Length == 0 && match.Index == behind)
            {
                // Nothing behind a match is no match of its own.
                continue;
            }

            behind = match.Index + match.Length;
            if (++count < Math.Max(1, substitution.Number))
            {
                continue;
            }

            made.Append(_space, from, match.Index - from);
            SedText.Fill(made, substitution.Replacement, match);
            from = match.Index + match.Length;
            isDone = true;
            if (!substitution.IsGlobal)
            {
                break;
            }
        }

        if (!isDone)
        {
            return;
        }

        Limit(made.Append(_space, from, _space.Length - from).ToString());
        _isChanged = true;
        if (substitution.Prints)
        {
            Print(_space);
        }

        if (substitution.File is { } file)
        {
            Write(file, _space);
        }
    }

    private void EndCycle()
    {
        if (!isQuiet)
        {
            Print(_space);
        }

        Flush();
    }

    // The last line has no end if it had none.
    private void Print(string text, bool always = false)
    {
        if (_output.Length < Longest * 8)
        {
            EndLine();
            _output.Append(Characters.ToBytes(text));
            if (always || _endsWithLine || _next < _lines.Length || !_isLastText)
            {
                _output.Append(_end);
            }
            else
            {
                _lacksEnd = true;
            }
        }
    }

    // What is written behind a last line without an end begins on a line of its own.
    private void EndLine()
    {
        if (_lacksEnd)
        {
            _output.Append(_end);
            _lacksEnd = false;
        }
    }

    private void Flush()
    {
        if (_appended.Length == 0)
        {
            return;
        }

        EndLine();

        _output.Append(_appended);
        _appended.Clear();
    }

    private void Take() => (_space, _number) = (Characters.Of(_lines[_next++]), _number + 1);

    private void Limit(string text) => _space = text.Length <= Longest ? text : text[..Longest];

    private void Write(string file, string text)
    {
        if (file is "/dev/stdout")
        {
            _output.Append(Characters.ToBytes(text)).Append('\n');
            return;
        }

        SedText.Write(Files, file, text);
    }

    private void Quit(SedCommand command)
    {
        HasQuit = true;
        Status = int.TryParse(command.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status & 0xFF : 0;
    }
}
