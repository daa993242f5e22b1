using Blackwall.Tarpit.Shell.Entries;
using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Find;

/// <summary>Reads the expression of find(1).</summary>
/// <exception cref="FormatException">It is none; the message says why.</exception>
internal sealed class FindParser(Invocation call, IReadOnlyList<string> words, FindActions actions)
{
    private const int Deepest = 100;

    private int _at;
    private int _depth;

    public int MaxDepth { get; private set; } = 60;

    public int MinDepth { get; private set; }

    /// <summary>-depth, -delete: what is in a folder comes before it.</summary>
    public bool IsDepthFirst { get; private set; }

    /// <summary>Whether an action says what to print.</summary>
    public bool HasAction { get; private set; }

    public FindTest Parse()
    {
        FindTest test = words.Count == 0 ? static _ => new(true) : ParseList();
        if (_at < words.Count)
        {
            throw new FormatException(words[_at] is ")" ? "you have too many ')'" : $"paths must precede expression: `{words[_at]}'");
        }

        return HasAction ? test : async node => await test(node) && await actions.PrintAsync(node, "\n");
    }

    private FindTest ParseList()
    {
        FindTest left = ParseOr();
        while (_at < words.Count && words[_at] is ",")
        {
            _at++;
            FindTest first = left, second = ParseOr();
            left = async node =>
            {
                await first(node);
                return await second(node);
            };
        }

        return left;
    }

    private FindTest ParseOr()
    {
        List<FindTest> tests = [ParseAnd()];
        while (_at < words.Count && words[_at] is "-o" or "-or")
        {
            _at++;
            tests.Add(ParseAnd());
        }

        return tests.Count == 1 ? tests[0] : async node =>
        {
            foreach (FindTest test in tests)
            {
                if (await test(node))
                {
                    return true;
                }
            }

            return false;
        };
    }

    private FindTest ParseAnd()
    {
        List<FindTest> tests = [ParseNot()];
        while (_at < words.Count && words[_at] is not ("-o" or "-or" or ")" or ","))
        {
            _at += words[_at] is "-a" or "-and" ? 1 : 0;
            tests.Add(ParseNot());
        }

        return tests.Count == 1 ? tests[0] : async node =>
        {
            foreach (FindTest test in tests)
            {
                if (!await test(node))
                {
                    return false;
                }
            }

            return true;
        };
    }

    private FindTest ParseNot()
    {
        bool isNegated = false;
        while (_at < words.Count && words[_at] is "!" or "-not")
        {
            isNegated = !isNegated;
            _at++;
        }

        FindTest test = ParsePrimary();
        return isNegated ? async node => !await test(node) : test;
    }

    private FindTest ParsePrimary()
    {
        if (_at >= words.Count)
        {
            throw new FormatException("expected an expression after the last operator");
        }

        string word = words[_at++];
        if (word is "(")
        {
            if (++_depth > Deepest)
            {
                throw new FormatException("expression is nested too deep");
            }

            FindTest inner = ParseList();
            _depth--;
            return _at < words.Count && words[_at++] is ")" ? inner : throw new FormatException("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
        }

        return Option(word) ?? Action(word) ?? Test(word) ?? throw new FormatException(word.StartsWith('-') ? $"unknown predicate `{word}'" : $"paths must precede expression: `{word}'");
    }

    private string Value(string word) => _at < words.Count ? words[_at++] : throw new FormatException($"missing argument to `{word}'");

    private int Number(string word)
    {
        string text = Value(word);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException(Characters.ToBytes($"Expected a positive decimal integer argument to {word}, but got ‘{text}’"));
    }

    private FindTest? Option(string word)
    {
        switch (word)
        {
            case "-maxdepth":
                MaxDepth = Math.Min(Number(word), 60);
                return static _ => new(true);
            case "-mindepth":
                MinDepth = Number(word);
                return static _ => new(true);
            case "-depth" or "-d":
                IsDepthFirst = true;
                return static _ => new(true);
            case "-xdev" or "-mount" or "-noleaf" or "-follow" or "-daystart" or "-warn" or "-nowarn" or "-ignore_readdir_race" or "-true":
                return static _ => new(true);
            case "-false":
                return static _ => new(false);
            default:
                return null;
        }
    }

    private FindTest? Action(string word)
    {
        switch (word)
        {
            case "-print":
                HasAction = true;
                return node => actions.PrintAsync(node, "\n");
            case "-print0":
                HasAction = true;
                return node => actions.PrintAsync(node, "\0");
            case "-printf":
                HasAction = true;
                string format = Value(word);
                return node => actions.FormatAsync(node, format);
            case "-ls":
                HasAction = true;
                return node => actions.FormatAsync(node, "%9i %6k %M %3n %-8u %-8g %8s %Tb %Td %TH:%TM %p\\n");
            case "-delete":
                (HasAction, IsDepthFirst) = (true, true);
                return actions.DeleteAsync;
            case "-quit":
                HasAction = true;
                return _ =>
                {
                    actions.HasQuit = true;
                    return new(true);
                };
            case "-prune":
                return node =>
                {
                    node.IsPruned = true;
                    return new(true);
                };
            case "-exec" or "-execdir" or "-ok" or "-okdir":
                HasAction = true;
                return Command(word);
            default:
                return null;
        }
    }

    private FindTest Command(string word)
    {
        List<string> command = [];
        while (_at < words.Count && words[_at] is not ";" && !(words[_at] is "+" && command.Count > 0 && command[^1] is "{}"))
        {
            command.Add(words[_at++]);
        }

        if (_at >= words.Count || command.Count == 0)
        {
            throw new FormatException($"missing argument to `{word}'");
        }

        bool isMany = words[_at++] is "+", isInFolder = word.EndsWith("dir", StringComparison.Ordinal);
        if (isMany)
        {
            List<string> collected = actions.Collect([.. command.Take(command.Count - 1)]);
            return node =>
            {
                collected.Add(node.Path);
                return new(true);
            };
        }

        return node => actions.RunAsync(node, command, isInFolder);
    }

    private FindTest? Test(string word)
    {
        switch (word)
        {
            case "-name" or "-iname":
                string name = Value(word);
                return Holds(node => Globs.IsMatch(name, node.Name, word is "-iname"));
            case "-path" or "-wholename" or "-ipath" or "-iwholename":
                string path = Value(word);
                return Holds(node => Globs.IsMatch(path, node.Path, word[1] == 'i'));
            case "-regex" or "-iregex":
                string expression = Value(word);
                var regex = Patterns.Compile($"^({Patterns.FromBasic(expression)})$", word is "-iregex") ?? throw new FormatException("Invalid regular expression");
                return Holds(node => regex.IsMatch(node.Path));
            case "-regextype":
                Value(word);
                return static _ => new(true);
            case "-lname":
                string target = Value(word);
                return Holds(node => node.Node is LinkNode link && Globs.IsMatch(target, link.Target));
            case "-type" or "-xtype":
                string types = Value(word);
                return types.Length > 0 && types.Split(',').All(type => type is "f" or "d" or "l" or "b" or "c" or "p" or "s")
                    ? Holds(node => types.Split(',').Any(type => node.Node.Letter == (type is "f" ? '-' : type[0])))
                    : throw new FormatException($"Unknown argument to {word}: {types}");
            case "-empty":
                return Holds(node => node.Node is FileNode { Content.Size: 0 } or FolderNode { Entries.Count: 0 });
            case "-size":
                return Size(Value(word));
            case "-perm":
                return Permissions(Value(word));
            case "-user" or "-uid" or "-group" or "-gid":
                return Owner(word, Value(word));
            case "-nouser" or "-nogroup":
                return Holds(_ => false);
            case "-readable" or "-writable" or "-executable":
                int user = call.State.Visit.UserId;
                return Holds(node => word is "-readable" ? Access.MayRead(node.Node, user) : word is "-writable" ? Access.MayWrite(node.Node, user) : Access.MayExecute(node.Node, user));
            case "-mtime" or "-ctime" or "-atime" or "-mmin" or "-cmin" or "-amin":
                return Age(Value(word), word.EndsWith("time", StringComparison.Ordinal) ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(1));
            case "-newer" or "-anewer" or "-cnewer" or "-newermt":
                string than = Value(word);
                DateTimeOffset limit = word is "-newermt" ? Dates.Parse(than, call.Machine.Now) ?? throw new FormatException($"I cannot figure out how to interpret '{than}' as a date or time")
                    : call.Files.Find(call.State.Path(than))?.Modified ?? throw new FormatException(Characters.ToBytes($"‘{than}’: No such file or directory"));
                return Holds(node => node.Node.Modified > limit);
            case "-links" or "-inum" or "-samefile" or "-fstype" or "-used":
                Value(word);
                return Holds(_ => word is "-links");
            default:
                return null;
        }
    }

    private static FindTest Holds(Func<FindNode, bool> test) => node => new(test(node));

    private static bool Fits(long number, string wanted, long value) => wanted[0] == '+' ? number > value : wanted[0] == '-' ? number < value : number == value;

    private static FindTest Size(string text)
    {
        long unit = text.Length == 0 ? 0 : text[^1] switch { 'c' => 1, 'w' => 2, 'k' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 512 };
        return long.TryParse(text.TrimStart('+', '-').TrimEnd('c', 'w', 'k', 'M', 'G', 'b'), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? Holds(node => Fits((Entries.Sizes.Of(node.Node) + unit - 1) / unit, text, number))
            : throw new FormatException($"Invalid argument `{text}' to -size");
    }

    private static FindTest Permissions(string text)
    {
        char kind = text.Length > 0 && text[0] is '-' or '/' ? text[0] : '\0';
        string mode = kind == '\0' ? text : text[1..];
        int bits = mode.Length > 0 && mode.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(mode.Length > 6 ? "0" : mode, 8)
            : Modes.Apply(mode, new FileNode { Content = new StoredContent([]), Mode = 0 }, 0) ?? throw new FormatException($"invalid mode `{text}'");
        return Holds(node => kind == '-' ? (node.Node.Mode & bits) == bits : kind == '/' ? bits == 0 || (node.Node.Mode & bits) != 0 : node.Node.Mode == bits);
    }

    private FindTest Owner(string word, string text)
    {
        bool isUser = word is "-user" or "-uid";
        if (int.TryParse(text.TrimStart('+', '-'), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return Holds(node => Fits(isUser ? node.Node.User : node.Node.Group, text, number));
        }

        return Holds(node => string.Equals(isUser ? Accounts.UserName(call.Files, node.Node.User) : Accounts.GroupName(call.Files, node.Node.Group), text, StringComparison.Ordinal));
    }

    private FindTest Age(string text, TimeSpan unit)
    {
        DateTimeOffset now = call.Machine.Now;
        return long.TryParse(text.TrimStart('+', '-'), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? Holds(node => Fits((long)Math.Floor((now - node.Node.Modified) / unit), text, number))
            : throw new FormatException($"invalid argument `{text}' to `-mtime'");
    }
}
