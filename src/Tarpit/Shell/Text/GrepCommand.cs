using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>grep(1), egrep and fgrep.</summary>
internal sealed class GrepCommand
{
    private const int LinesAtOnce = 16;

    // Of several patterns in one line.
    private const int MostMatches = 32_768;
    private const int LongestText = 2 << 20;
    private const int MostFiles = 5000;
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["extended-regexp"] = 'E', ["fixed-strings"] = 'F', ["basic-regexp"] = 'G', ["perl-regexp"] = 'P', ["regexp"] = 'e', ["file"] = 'f', ["ignore-case"] = 'i', ["invert-match"] = 'v', ["word-regexp"] = 'w', ["line-regexp"] = 'x', ["count"] = 'c',
        ["files-without-match"] = 'L', ["files-with-matches"] = 'l', ["max-count"] = 'm', ["only-matching"] = 'o', ["quiet"] = 'q', ["silent"] = 'q', ["no-messages"] = 's', ["byte-offset"] = 'b', ["with-filename"] = 'H', ["no-filename"] = 'h', ["line-number"] = 'n',
        ["after-context"] = 'A', ["before-context"] = 'B', ["context"] = 'C', ["recursive"] = 'r', ["dereference-recursive"] = 'R', ["null"] = 'Z', ["text"] = 'a', ["null-data"] = 'z', ["color"] = 'K', ["colour"] = 'K', ["include"] = 'J', ["exclude"] = 'j', ["exclude-dir"] = 'D', ["binary-files"] = 'k', ["line-buffered"] = 'u', ["label"] = 'k', ["no-ignore-case"] = 'Y',
    };

    private readonly Invocation _call;
    private readonly OptionParsing _options;
    private readonly List<Regex> _patterns = [];
    private readonly StringBuilder _text = new();
    private bool _isNamed;
    private bool _found;
    // Where each line begins, if that is shown.
    private long[] _starts = [];
    private int _before;
    private int _after;

    private GrepCommand(Invocation call, OptionParsing options) => (_call, _options) = (call, options);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // -5 is -C5.
        List<string> arguments = [.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && argument.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0 ? "-C" + argument[1..] : argument is "--color" or "--colour" ? "--color=auto" : argument)];
        OptionParsing options = new(arguments, "EFGPe:f:ivwxcLlm:oqsbHhnA:B:C:rRZazK:J:j:k:D:uYyUT", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            string name = i.Name.Split('/')[^1];
            await i.Streams.Error.WriteAsync($"{name}: {OptionParsing.Describe(error)}\nUsage: {name} [OPTION]... PATTERNS [FILE]...\nTry '{name} --help' for more information.\n", i.Cancellation);
            return 2;
        }

        return await new GrepCommand(i, options).SearchAsync();
    }

    private async ValueTask<int> SearchAsync()
    {
        List<string> operands = [.. _options.Operands];
        List<string> patterns = [];
        foreach ((char letter, string? value) in _options.All.Where(option => option.Letter is 'e' or 'f'))
        {
            if (letter == 'e')
            {
                patterns.AddRange(value!.Split('\n'));
            }
            else if (await Lines.ReadAsync(_call, value!) is { } text)
            {
                patterns.AddRange(Lines.Of(text));
            }
            else
            {
                return 2;
            }
        }

        if (!_options.Has('e') && !_options.Has('f'))
        {
            if (operands.Count == 0)
            {
                await _call.Streams.Error.WriteAsync("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n", _call.Cancellation);
                return 2;
            }

            patterns.AddRange(operands[0].Split('\n'));
            operands.RemoveAt(0);
        }

        foreach (string pattern in patterns)
        {
            if (Compile(pattern) is not { } regex)
            {
                return await _call.FailAsync(Complaint(pattern), 2);
            }

            _patterns.Add(regex);
        }

        int context = Number('C', 0);
        (_before, _after) = (Number('B', context), Number('A', context));
        return await SearchFilesAsync(operands);
    }

    private async ValueTask<int> SearchFilesAsync(List<string> operands)
    {
        bool isRecursive = _options.Has('r') || _options.Has('R');
        IEnumerable<string> names = isRecursive ? (operands.Count == 0 ? ["."] : operands).SelectMany(root => Below(root, isDefault: operands.Count == 0)) : operands.Count == 0 ? ["-"] : operands.Where(name => !_options.Values('j').Any(glob => Globs.IsMatch(glob, name) || Globs.IsMatch(glob, name.Split('/')[^1])));
        _isNamed = _options.Last("Hh") is var said && said != '\0' ? said == 'H' : isRecursive ? operands.Count != 1 || _call.Files.Find(_call.State.Path(operands[0])) is FolderNode : operands.Count > 1;
        int status = 0;
        foreach (string name in names)
        {
            string? text;
            if (name is "-")
            {
                text = Encoding.Latin1.GetString(await _call.Streams.Input.ReadAllAsync(_call.Cancellation));
            }
            else
            {
                FileError error = _call.Read(name, out byte[] content);
                if (error != FileError.None)
                {
                    status = 2;
                    if (!_options.Has('s'))
                    {
                        await _call.FailAsync($"{name}: {error.Text()}");
                    }

                    continue;
                }

                // What is larger is a program, and all of it is alike.
                text = Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, LongestText));
            }

            await SearchAsync(name is "-" ? "(standard input)" : name, text);
            if (_text.Length > 64 * 1024)
            {
                await _call.PrintAsync(_text.ToString());
                _text.Clear();
            }

            await _call.State.Budget.StepAsync(_call.Cancellation);
            if (_found && _options.Has('q'))
            {
                return 0;
            }
        }

        await _call.PrintAsync(_text.ToString());
        return status != 0 ? 2 : _found ? 0 : 1;
    }

    private Regex? Compile(string pattern)
    {
        char kind = _options.Last("EFGP") is var last && last != '\0' ? last : _call.Name.EndsWith("egrep", StringComparison.Ordinal) ? 'E' : _call.Name.EndsWith("fgrep", StringComparison.Ordinal) ? 'F' : 'G';
        bool ignoresCase = _options.Has('i') || _options.Has('y');
        string text = Characters.Of(pattern);
        if (kind == 'P')
        {
            return Patterns.CompilePerl(_options.Has('x') ? $"^(?:{text})$" : _options.Has('w') ? $@"\b(?:{text})\b" : text, ignoresCase);
        }

        text = kind == 'F' ? string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c > '~' || c is ' ' or '_' or '-' or '/' or ':' or '<' or '>' or '\'' or '`' or '"' or ',' or '=' or '&' or '%' or '@' or '!' or ';' or '~' or '#' ? c.ToString() : "\\" + c))
            : kind == 'G' ? Patterns.FromBasic(text) : text;
        if (!_options.Has('x'))
        {
            return Patterns.Compile(text, ignoresCase);
        }

        // The whole line: every alternative has both anchors.
        return Patterns.Compile($"^({text})$", ignoresCase);
    }

    private static string Complaint(string pattern) => pattern.Contains("\\(", StringComparison.Ordinal) || pattern.Contains('(', StringComparison.Ordinal) ? "Unmatched ( or \\(" : pattern.Contains('[', StringComparison.Ordinal) ? "Unmatched [, [^, [:, [., or [=" : "Invalid preceding regular expression";

    private async ValueTask SearchAsync(string name, string text)
    {
        char end = _options.Has('z') ? '\0' : '\n';
        bool isBinary = !_options.Has('a') && end == '\n' && text.AsSpan(0, Math.Min(text.Length, 32_768)).Contains('\0');
        string[] lines = Lines.Of(text, end);
        bool inverts = _options.Has('v'), isSilent = _options.Has('c') || _options.Has('l') || _options.Has('L') || _options.Has('q');
        int most = Number('m', int.MaxValue), count = 0, shownTo = -1, due = 0;
        bool hasContext = _before > 0 || _after > 0;
        _starts = _options.Has('b') ? new long[lines.Length] : [];
        for (int n = 1; n < _starts.Length; n++)
        {
            _starts[n] = _starts[n - 1] + lines[n - 1].Length + 1;
        }

        for (int n = 0; n < lines.Length; n++)
        {
            if (n % LinesAtOnce == 0)
            {
                await _call.State.Budget.GiveWayAsync(_call.Cancellation);
            }

            string line = Characters.Of(lines[n]);
            if (count < most && Fits(line) != inverts)
            {
                count++;
                if (isBinary && !isSilent)
                {
                    _text.Append("grep: ").Append(name).Append(": binary file matches\n");
                    break;
                }

                if (!isSilent)
                {
                    int first = Math.Max(shownTo + 1, n - _before);
                    if (hasContext && shownTo >= 0 && first > shownTo + 1)
                    {
                        _text.Append("--\n");
                    }

                    for (int b = first; b < n; b++)
                    {
                        Append(name, b, StartOf(b), lines[b], '-');
                    }

                    Show(name, n, StartOf(n), line, lines[n], inverts);
                    (shownTo, due) = (n, _after);
                }
                else if (_options.Has('q') || _options.Has('l'))
                {
                    break;
                }
            }
            else if (due > 0 && !isSilent)
            {
                Append(name, n, StartOf(n), lines[n], '-');
                (shownTo, due) = (n, due - 1);
            }
            else if (count >= most)
            {
                break;
            }
        }

        bool lists = _options.Has('l') || _options.Has('L');
        _found |= count > 0;
        if (_options.Has('q'))
        {
            return;
        }

        if (lists)
        {
            _ = count > 0 != _options.Has('L') ? _text.Append(name).Append(_options.Has('Z') ? '\0' : '\n') : _text;
        }
        else if (_options.Has('c'))
        {
            _text.Append(_isNamed ? name + ":" : "").Append(count).Append('\n');
        }
    }

    private long StartOf(int line) => _starts.Length > 0 ? _starts[line] : 0;

    private bool Fits(string line) => _patterns.Exists(pattern => _options.Has('w') && !_options.Has('x') ? Found(pattern, line).Any() : pattern.IsMatch(line));

    // Matches that are whole words if -w wants that.
    private IEnumerable<Match> Found(Regex pattern, string line)
    {
        for (Match match = pattern.Match(line); match.Success; match = match.NextMatch())
        {
            bool isWord = (match.Index == 0 || !IsLetter(line[match.Index - 1])) && (match.Index + match.Length == line.Length || !IsLetter(line[match.Index + match.Length]));
            if (!_options.Has('w') || isWord)
            {
                yield return match;
            }
        }
    }

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Show(string name, int number, long offset, string line, string bytes, bool inverts)
    {
        if (!_options.Has('o'))
        {
            Append(name, number, offset, bytes, ':');
            return;
        }

        if (inverts)
        {
            return;
        }

        int behind = 0;
        IEnumerable<Match> found = _patterns.Count == 1 ? Found(_patterns[0], line) : _patterns.SelectMany(pattern => Found(pattern, line)).Take(MostMatches).OrderBy(match => match.Index).ThenByDescending(match => match.Length);
        foreach (Match match in found)
        {
            if (match.Length > 0 && match.Index >= behind)
            {
                Append(name, number, offset + match.Index, Characters.ToBytes(match.Value), ':');
                behind = match.Index + match.Length;
            }
        }
    }

    private void Append(string name, int number, long offset, string line, char mark)
    {
        _ = _isNamed ? _text.Append(name).Append(_options.Has('Z') ? '\0' : mark) : _text;
        _ = _options.Has('n') ? _text.Append(CultureInfo.InvariantCulture, $"{number + 1}{mark}") : _text;
        _ = _options.Has('b') ? _text.Append(CultureInfo.InvariantCulture, $"{offset}{mark}") : _text;
        _text.Append(line).Append(_options.Has('z') ? '\0' : '\n');
    }

    private int Number(char letter, int otherwise) => int.TryParse(_options.Value(letter), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private IEnumerable<string> Below(string root, bool isDefault)
    {
        string[] wanted = [.. _options.Values('J')], unwanted = [.. _options.Values('j')], folders = [.. _options.Values('D').Select(glob => glob.TrimEnd('/'))];
        Node? first = _call.Files.Find(_call.State.Path(root));
        if (first is null)
        {
            yield return root;
            yield break;
        }

        Stack<(string Path, Node Node)> open = new([(root, first)]);
        for (int count = 0; count < MostFiles && open.TryPop(out var next); count++)
        {
            if (next.Node is FolderNode folder)
            {
                foreach ((string name, Node entry) in folder.Entries.Reverse())
                {
                    Node? child = entry is LinkNode && _options.Has('R') && _call.Files.Find(_call.State.Path($"{next.Path}/{name}")) is FileNode behind ? behind : entry;
                    if (child is FolderNode && Array.Exists(folders, glob => Globs.IsMatch(glob, name)))
                    {
                        continue;
                    }

                    open.Push((isDefault && next.Path is "." ? name : $"{next.Path.TrimEnd('/')}/{name}", child));
                }
            }
            else if (next.Node is FileNode)
            {
                string name = next.Path.Split('/')[^1];
                if ((wanted.Length == 0 || wanted.Any(glob => Globs.IsMatch(glob, name))) && !unwanted.Any(glob => Globs.IsMatch(glob, name)))
                {
                    yield return next.Path;
                }
            }
        }
    }
}
