using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>ls(1), dir(1) and vdir(1).</summary>
internal sealed class ListCommand
{
    private const int Deepest = 50;
    private const int LongestText = 4 << 20;
    private const int DefaultWidth = 80;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal)
    {
        ["all"] = 'a', ["almost-all"] = 'A', ["escape"] = 'b', ["directory"] = 'd', ["classify"] = 'F', ["no-group"] = 'G', ["human-readable"] = 'h', ["inode"] = 'i', ["ignore"] = 'I', ["ignore-backups"] = 'B', ["dereference"] = 'L', ["numeric-uid-gid"] = 'n', ["literal"] = 'N', ["quote-name"] = 'Q',
        ["reverse"] = 'r', ["recursive"] = 'R', ["size"] = 's', ["sort"] = '\u0001', ["full-time"] = '\u0002', ["group-directories-first"] = '\u0003', ["color"] = '\u0004', ["time-style"] = '\u0005', ["format"] = '\u0006', ["time"] = '\u0007', ["width"] = 'w', ["file-type"] = 'p', ["si"] = 'h', ["dereference-command-line"] = 'H', ["block-size"] = '\u0008', ["hide-control-chars"] = 'q', ["show-control-chars"] = '\u0007', ["zero"] = '1', ["author"] = '\u0007', ["kibibytes"] = 'k', ["context"] = 'Z', ["tabsize"] = 'T', ["hyperlink"] = '\u0007', ["indicator-style"] = '\u0007', ["quoting-style"] = '\u0007', ["hide"] = 'I', ["dired"] = 'D',
    };

    private readonly Invocation _i;
    private readonly OptionParsing _options;
    private readonly bool _isLong;
    private readonly bool _toTerminal;
    private readonly StringBuilder _text = new();
    private int _status;

    private ListCommand(Invocation i)
    {
        (_i, _options) = (i, new OptionParsing(i.Arguments, "aAbBcCdDfFgGhHiI:klLmnNopqQrRsStT:uUvw:xXZ1\u0001:\u0002\u0003\u0005:\u0006:", Names, isMixed: true));
        _isLong = Places.Base(i.Name) is "vdir" ? _options.Last("Cmx1") is '\0' : _options.Last("lgnoCmx1\u0002\u0006") is 'l' or 'g' or 'n' or 'o' or '\u0002' || (_options.Last("lgno") != '\0' && _options.Last("Cmx1l") is '1' or 'l') || _options.Value('\u0006') is "long" or "verbose";
        _toTerminal = i.State.Io.Terminal is not null && i.Streams.Output is PeerOutput;
    }

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        ListCommand list = new(i);
        await list.AllAsync();
        await i.PrintAsync(list._text.ToString());
        return list._status;
    }

    private async ValueTask AllAsync()
    {
        IReadOnlyList<string> names = _options.Operands.Count == 0 ? ["."] : [.. _options.Operands.Order(StringComparer.Ordinal)];
        List<(string Name, Node Node)> files = [], folders = [];
        foreach (string name in names)
        {
            bool follow = _options.Has('L') || _options.Has('H') || (!_isLong && !_options.Has('d') && !_options.Has('F'));
            (Node? node, FileError error) = Places.Look(_i, name, follow);
            node ??= follow && error == FileError.NotFound ? Places.Look(_i, name, follow: false).Node : null;
            if (node is null)
            {
                _status = await _i.FailAsync($"cannot access '{name}': {error.Text()}", 2);
            }
            else
            {
                (node is FolderNode && !_options.Has('d') ? folders : files).Add((name, node));
            }
        }

        Write(files, isTotal: false);
        foreach ((string name, Node node) in Sorted(folders))
        {
            await FolderAsync(name, (FolderNode)node, names.Count > 1 || _options.Has('R'), 0);
        }
    }

    private async ValueTask FolderAsync(string name, FolderNode folder, bool isTitled, int depth)
    {
        if (!Access.MayRead(folder, _i.State.Visit.UserId))
        {
            _status = Math.Max(_status, await _i.FailAsync($"cannot open directory '{name}': Permission denied", depth == 0 ? 2 : 1));
            return;
        }

        if (isTitled)
        {
            _text.Append(_text.Length == 0 ? "" : "\n").Append(Shown(name)).Append(":\n");
        }

        bool all = _options.Last("aAf") is 'a' or 'f', almost = _options.Last("aAf") == 'A';
        string path = _i.State.Path(name);
        List<(string Name, Node Node)> entries = [.. folder.Entries.Where(e => (all || almost || !e.Key.StartsWith('.')) && !(_options.Has('B') && e.Key.EndsWith('~')) && !_options.Values('I').Any(pattern => Globs.IsMatch(pattern, e.Key)))
            .Select(e => (e.Key, _options.Has('L') ? _i.Files.Find($"{path}/{e.Key}") ?? e.Value : e.Value))];
        if (all)
        {
            entries.InsertRange(0, [(".", folder), ("..", _i.Files.Find(Places.Parent(path)) ?? folder)]);
        }

        entries = Sorted(entries);
        Write(entries, isTotal: true);
        foreach ((string inner, Node node) in _options.Has('R') && depth < Deepest && _text.Length < LongestText ? entries : [])
        {
            if (node is FolderNode next && inner is not ("." or ".."))
            {
                await _i.State.Budget.StepAsync(_i.Cancellation);
                await FolderAsync($"{name.TrimEnd('/')}/{inner}", next, isTitled: true, depth + 1);
            }
        }
    }

    private List<(string Name, Node Node)> Sorted(List<(string Name, Node Node)> entries)
    {
        char sort = _options.Last("tSUvXf\u0001") is '\u0001' ? _options.Value('\u0001') switch { "time" => 't', "size" => 'S', "none" => 'U', "version" => 'v', "extension" => 'X', _ => '\0' } : _options.Last("tSUvXf");
        sort = sort == '\0' && !_isLong && _options.Last("cu") != '\0' ? 't' : sort;
        IEnumerable<(string Name, Node Node)> sorted = sort switch
        {
            't' => entries.OrderByDescending(e => e.Node.Modified).ThenBy(e => e.Name, StringComparer.Ordinal),
            'S' => entries.OrderByDescending(e => Sizes.Of(e.Node)).ThenBy(e => e.Name, StringComparer.Ordinal),
            'U' or 'f' => entries,
            'v' => entries.OrderBy(e => e.Name, Comparer<string>.Create(Text.SortNumbers.Version)),
            'X' => entries.OrderBy(e => e.Name.LastIndexOf('.') is >= 0 and var dot ? e.Name[dot..] : "", StringComparer.Ordinal).ThenBy(e => e.Name, StringComparer.Ordinal),
            _ => entries.OrderBy(e => e.Name, StringComparer.Ordinal),
        };
        sorted = _options.Has('r') && sort is not ('U' or 'f') ? sorted.Reverse() : sorted;
        return [.. _options.Has('\u0003') ? sorted.OrderBy(e => e.Node is FolderNode ? 0 : 1) : sorted];
    }

    private void Write(List<(string Name, Node Node)> entries, bool isTotal)
    {
        if (isTotal && (_isLong || _options.Has('s')))
        {
            _text.Append("total ").Append(BlockText(entries.Sum(e => Sizes.Blocks(e.Node)))).Append('\n');
        }

        string[] inodes = Column(entries, _options.Has('i'), e => Sizes.Inode(_i.State.Path(e.Name)).ToString(CultureInfo.InvariantCulture));
        string[] blocks = Column(entries, _options.Has('s'), e => BlockText(Sizes.Blocks(e.Node)));
        string[] before = [.. entries.Select((_, n) => (inodes[n].Length > 0 ? inodes[n] + " " : "") + (blocks[n].Length > 0 ? blocks[n] + " " : ""))];
        if (_isLong)
        {
            WriteLong(entries, before);
        }
        else
        {
            WriteShort(entries, before);
        }
    }

    private string BlockText(long blocks) => _options.Has('h') ? Sizes.Human(blocks * 512) : ((blocks + 1) / 2).ToString(CultureInfo.InvariantCulture);

    private static string[] Column(List<(string Name, Node Node)> entries, bool isShown, Func<(string Name, Node Node), string> of)
    {
        string[] column = [.. entries.Select(e => isShown ? of(e) : "")];
        int width = column.Length == 0 ? 0 : column.Max(text => text.Length);
        return [.. column.Select(text => text.PadLeft(width))];
    }

    private void WriteLong(List<(string Name, Node Node)> entries, string[] before)
    {
        bool numeric = _options.Has('n');
        string[] links = Column(entries, true, e => Sizes.Links(e.Node).ToString(CultureInfo.InvariantCulture));
        string[] sizes = Column(entries, true, e => e.Node is DeviceNode device ? $"{device.Major}, {device.Minor}" : _options.Has('h') ? Sizes.Human(Sizes.Of(e.Node)) : Sizes.Of(e.Node).ToString(CultureInfo.InvariantCulture));
        string[] owners = [.. entries.Select(e => _options.Has('g') ? "" : numeric ? e.Node.User.ToString(CultureInfo.InvariantCulture) : Accounts.UserName(_i.Files, e.Node.User))];
        string[] groups = [.. entries.Select(e => _options.Has('G') || _options.Has('o') ? "" : numeric ? e.Node.Group.ToString(CultureInfo.InvariantCulture) : Accounts.GroupName(_i.Files, e.Node.Group))];
        int owner = owners.Length == 0 ? 0 : owners.Max(text => text.Length), group = groups.Length == 0 ? 0 : groups.Max(text => text.Length);
        for (int n = 0; n < entries.Count; n++)
        {
            (string name, Node node) = entries[n];
            _text.Append(before[n]).Append(Modes.Text(node)).Append(' ').Append(links[n]).Append(' ').Append(owner > 0 ? owners[n].PadRight(owner) + " " : "").Append(group > 0 ? groups[n].PadRight(group) + " " : "")
                .Append(sizes[n]).Append(' ').Append(Date(node.Modified)).Append(' ').Append(FileColors.Of(_i, Shown(name), node));
            _text.Append(node is LinkNode target ? " -> " + Shown(target.Target) : Mark(node)).Append('\n');
        }
    }

    private void WriteShort(List<(string Name, Node Node)> entries, string[] before)
    {
        string[] names = [.. entries.Select((e, n) => before[n] + Shown(e.Name) + Mark(e.Node))];
        string Coloured(int n) => before[n] + FileColors.Of(_i, Shown(entries[n].Name), entries[n].Node) + Mark(entries[n].Node);
        char form = _options.Value('\u0006') switch { "commas" => 'm', "horizontal" or "across" => 'x', "vertical" => 'C', "single-column" => '1', _ => _options.Last("Cmx1") };
        form = form == '\0' ? _toTerminal || Places.Base(_i.Name) is "dir" ? 'C' : '1' : form;
        int width = int.TryParse(_options.Value('w'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : _toTerminal ? _i.State.Io.Terminal!.Columns : DefaultWidth;
        switch (form)
        {
            case '1':
                _text.Append(string.Concat(names.Select((_, n) => Coloured(n) + "\n")));
                break;
            case 'm':
                WriteCommas(names, width);
                break;
            default:
                WriteColumns(names, Coloured, width, form == 'x');
                break;
        }
    }

    private void WriteCommas(string[] names, int width)
    {
        int at = 0;
        for (int n = 0; n < names.Length; n++)
        {
            if (n > 0)
            {
                bool breaks = at + names[n].Length + 2 >= width;
                _text.Append(breaks ? ",\n" : ", ");
                at = breaks ? 0 : at + 2;
            }

            _text.Append(names[n]);
            at += names[n].Length;
        }

        _text.Append(names.Length > 0 ? "\n" : "");
    }

    // As few rows as fit the width, filled from the top, or row by row.
    private void WriteColumns(string[] names, Func<int, string> coloured, int width, bool across)
    {
        for (int rows = 1; names.Length > 0; rows++)
        {
            int columns = (names.Length + rows - 1) / rows;
            int Index(int r, int c) => across ? (r * columns) + c : (c * rows) + r;
            int[] widths = [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Select(r => Index(r, c)).Where(n => n < names.Length).Select(n => Characters.Count(names[n])).DefaultIfEmpty(0).Max() + 2)];
            if (rows < names.Length && widths.Sum() - 2 >= width)
            {
                continue;
            }

            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns && Index(r, c) < names.Length; c++)
                {
                    bool isLast = c == columns - 1 || Index(r, c + 1) >= names.Length;
                    _text.Append(coloured(Index(r, c))).Append(' ', isLast ? 0 : widths[c] - Characters.Count(names[Index(r, c)]));
                }

                _text.Append('\n');
            }

            return;
        }
    }

    private string Mark(Node node) => !_options.Has('F') && !_options.Has('p') ? "" : node switch
    {
        FolderNode => "/",
        LinkNode when _options.Has('F') => "@",
        PipeNode when _options.Has('F') => "|",
        SocketNode when _options.Has('F') => "=",
        FileNode when _options.Has('F') && (node.Mode & 0x49) != 0 => "*",
        _ => "",
    };

    // Names with characters that a shell would take for its own are quoted on a terminal.
    private string Shown(string name) => _options.Has('Q') ? '"' + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"'
        : _toTerminal && !_options.Has('N') && (name.Length == 0 || name.Any(c => " \t\n'\"\\$&|;<>()*?[]!`#~".Contains(c, StringComparison.Ordinal))) ? name.Contains('\'', StringComparison.Ordinal) && !name.Contains('"', StringComparison.Ordinal) ? $"\"{name}\"" : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'"
        : name;

    private string Date(DateTimeOffset time)
    {
        const double halfYear = 31_556_952 / 2.0;
        string? style = _options.Has('\u0002') ? "full-iso" : _options.Value('\u0005');
        DateTimeOffset local = time.ToUniversalTime();
        double age = (_i.Machine.Now - time).TotalSeconds;
        bool isRecent = age is < halfYear and >= 0;
        return style switch
        {
            "full-iso" => Dates.Format("%Y-%m-%d %H:%M:%S.%N %z", local),
            "long-iso" => Dates.Format("%Y-%m-%d %H:%M", local),
            "iso" => Dates.Format(isRecent ? "%m-%d %H:%M" : "%Y-%m-%d ", local),
            ['+', ..] => Dates.Format(style[1..], local),
            _ => Dates.Format(isRecent ? "%b %e %H:%M" : "%b %e  %Y", local),
        };
    }
}
