using System.Globalization;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Options of ps: Unix with a dash, BSD without.</summary>
internal sealed class PsOptions
{
    private readonly HashSet<int> _ids = [];
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _isAll;
    private bool _isAllWithTerminal;
    private bool _isAnyUser;
    private int _parent = -1;
    private string? _sort;

    public bool IsFull { get; private set; }

    /// <summary>Columns of "u".</summary>
    public bool IsUser { get; private set; }

    public bool IsBsd { get; private set; }

    public bool HasHeader { get; private set; } = true;

    public string? Error { get; private set; }

    /// <summary>What -o names; null: it is not given.</summary>
    public List<(string Name, string? Header)>? Columns { get; private set; }

    public static PsOptions Read(IReadOnlyList<string> arguments)
    {
        PsOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                string[] parts = argument[2..].Split('=', 2);
                string value = parts.Length > 1 ? parts[1] : "";
                _ = parts[0] switch
                {
                    "sort" => (options._sort = value) is not null,
                    "no-headers" or "no-heading" => options.HasHeader = false,
                    "forest" => true,
                    "pid" => options.AddIds(parts.Length > 1 ? value : i + 1 < arguments.Count ? arguments[++i] : ""),
                    "ppid" => int.TryParse(parts.Length > 1 ? value : i + 1 < arguments.Count ? arguments[++i] : "", CultureInfo.InvariantCulture, out options._parent),
                    "format" => options.AddColumns(value),
                    _ => (options.Error = "unknown gnu long option") is not null,
                };
                continue;
            }

            bool isUnix = argument.StartsWith('-');
            if (!isUnix && argument.All(char.IsAsciiDigit))
            {
                options.AddIds(argument);
                continue;
            }

            for (int at = isUnix ? 1 : 0; at < argument.Length; at++)
            {
                bool takesValue = argument[at] is 'o' or 'p' or 'C' or 'U' or 'G' or 't' or 'O' or 'q' || (argument[at] == 'u' && isUnix && at + 1 == argument.Length && i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-') && argument.Length == 2);
                string value = "";
                char letter = argument[at];
                if (takesValue)
                {
                    value = at + 1 < argument.Length ? argument[(at + 1)..] : i + 1 < arguments.Count ? arguments[++i] : "";
                    at = argument.Length;
                }

                options.Take(letter, isUnix, value);
            }
        }

        return options;
    }

    public static string Header(string name) => name switch
    {
        "comm" or "ucmd" or "args" or "command" => "COMMAND",
        "pcpu" => "%CPU",
        "pmem" => "%MEM",
        "etime" or "etimes" => "ELAPSED",
        "lstart" => "STARTED",
        "tty" => "TT",
        _ => name.ToUpperInvariant(),
    };

    public static bool IsNumber(string name) => name is "pid" or "ppid" or "uid" or "rss" or "vsz" or "%cpu" or "%mem" or "pcpu" or "pmem" or "etimes" or "etime" or "ni" or "pri" or "time" or "lwp";

    public bool Wants(RunningProcess process, string user, string terminal, int shell)
    {
        if (_ids.Count > 0 || _users.Count > 0 || _names.Count > 0 || _parent >= 0)
        {
            return _ids.Contains(process.Id) || _users.Contains(process.User) || _names.Contains(process.ShortName) || process.Parent == _parent;
        }

        bool isOwn = string.Equals(process.User, user, StringComparison.Ordinal);
        return _isAll || (_isAnyUser && process.Terminal is not "?" && !process.Command.StartsWith('-')) || (_isAllWithTerminal && isOwn)
            || (IsBsd && _isAnyUser && process.Terminal is not "?")
            || (terminal is "?" ? process.Id == shell || process.Parent == shell : isOwn && string.Equals(process.Terminal, terminal, StringComparison.Ordinal));
    }

    public IEnumerable<RunningProcess> Sorted(IEnumerable<RunningProcess> all, Func<RunningProcess, int> seconds) => _sort?.TrimStart('-', '+') switch
    {
        "%cpu" or "pcpu" or "cpu" => _sort[0] == '-' ? all.OrderByDescending(process => process.Load) : all.OrderBy(process => process.Load),
        "%mem" or "pmem" or "rss" or "vsz" => _sort[0] == '-' ? all.OrderByDescending(process => process.Memory) : all.OrderBy(process => process.Memory),
        "time" => _sort[0] == '-' ? all.OrderByDescending(seconds) : all.OrderBy(seconds),
        "pid" when _sort[0] == '-' => all.Reverse(),
        "start_time" or "lstart" => _sort[0] == '-' ? all.OrderByDescending(process => process.Started) : all.OrderBy(process => process.Started),
        _ => all,
    };

    private void Take(char letter, bool isUnix, string value)
    {
        IsBsd |= !isUnix;
        switch (letter)
        {
            case 'e' when isUnix:
            case 'A':
                _isAll = true;
                break;
            case 'f':
                IsFull = isUnix || IsFull;
                break;
            case 'F':
                IsFull = true;
                break;
            case 'a':
                _isAnyUser = true;
                _isAll |= !isUnix && _isAllWithTerminal;
                break;
            case 'x':
                _isAll |= _isAnyUser;
                _isAllWithTerminal = true;
                break;
            case 'u' when value.Length > 0:
            case 'U':
                _users.UnionWith(value.Split(','));
                break;
            case 'u':
                IsUser = true;
                break;
            case 'o':
                AddColumns(value);
                break;
            case 'p' or 'q':
                AddIds(value);
                break;
            case 'C':
                _names.UnionWith(value.Split(','));
                break;
            case 'h':
                HasHeader = false;
                break;
            case 'w' or 'l' or 'L' or 'H' or 'j' or 't' or 'T' or 'M' or 'Z' or 'y' or 'g' or 'r' or 'S' or 'G' or 'O' or 'e' or 'm' or 'd' or 'N' or 's' or 'v' or 'c' or 'n' or 'V':
                break;
            default:
                Error = "unsupported option (BSD syntax)";
                break;
        }
    }

    private bool AddIds(string value)
    {
        foreach (string part in value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            _ids.Add(int.TryParse(part, CultureInfo.InvariantCulture, out int id) ? id : -1);
        }

        return true;
    }

    private bool AddColumns(string value)
    {
        Columns ??= [];
        foreach (string part in value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] named = part.Split('=', 2);
            Columns.Add((named[0], named.Length > 1 ? named[1] : null));
        }

        return true;
    }
}
