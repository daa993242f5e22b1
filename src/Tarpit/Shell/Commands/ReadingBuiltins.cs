using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>read and mapfile (bash(1), SHELL BUILTIN COMMANDS).</summary>
internal static class ReadingBuiltins
{
    private const int MostLines = 16_384;
    private const int LongestLine = 1 << 20;
    private const int LinesBetween = 5000;
    private const string ReadUsage = "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";
    private const string LinesUsage = "mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]";

    // Bytes with this mark had a backslash before them: they separate nothing.
    private const char Escaped = (char)0x4000;

    public static async ValueTask<int> ReadAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "rsea:d:i:n:N:p:t:u:");
        if (options.Error is { } error)
        {
            return await WrongAsync(i, error, ReadUsage);
        }

        foreach (string name in options.Value('a') is { } list ? [list] : options.Operands)
        {
            if (!Builtin.IsReference(name))
            {
                return await Builtin.ShellErrorAsync(i, $"`{name}': not a valid identifier");
            }
        }

        if (await InputAsync(i, options.Value('u')) is not { } input)
        {
            return 1;
        }

        DateTimeOffset? deadline = null;
        if (options.Value('t') is { } limit)
        {
            if (!double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds < 0)
            {
                return await Builtin.ShellErrorAsync(i, $"{limit}: invalid timeout specification");
            }

            if (seconds == 0)
            {
                return input.WouldWait ? 1 : 0;
            }

            deadline = input.IsPeer ? null : i.Machine.Time.GetUtcNow().AddSeconds(Math.Min(seconds, 86_400));
        }

        Keyboard? keyboard = input.IsPeer ? i.State.Io as Keyboard : null;
        using IDisposable? silence = options.Has('s') ? keyboard?.Mode.Without("echo") : null;
        using IDisposable? letters = options.Value('n') is not null || options.Value('N') is not null || options.Value('d') is not null ? keyboard?.Mode.Without("icanon") : null;
        if (options.Value('p') is { } prompt && i.State.Io.Terminal is not null && input.IsPeer)
        {
            await i.Streams.Error.WriteAsync(prompt, i.Cancellation);
        }

        return await ReadAsync(i, input, options, deadline);
    }

    // At a terminal the time runs while somebody types.
    private static async ValueTask<int> ReadAsync(Invocation i, ShellInput input, OptionParsing options, DateTimeOffset? deadline)
    {
        double seconds = input.IsPeer && options.Value('t') is { } limit ? double.Parse(limit, NumberStyles.Float, CultureInfo.InvariantCulture) : 0;
        using CancellationTokenSource timeout = seconds > 0 ? new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), i.Machine.Time) : new CancellationTokenSource();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, i.Cancellation);
        TimedBytes bytes = new(input, deadline, i);
        try
        {
            (string text, bool isEnded) = await LineAsync(bytes, options, either.Token);
            Assign(i.State, options, text);
            return isEnded ? 0 : bytes.IsOver ? 142 : 1;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !i.Cancellation.IsCancellationRequested)
        {
            Assign(i.State, options, "");
            return 142;
        }
    }

    public static async ValueTask<int> ReadLinesAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "td:n:O:s:u:C:c:");
        if (options.Error is { } error)
        {
            return await WrongAsync(i, error, LinesUsage);
        }

        if (await InputAsync(i, options.Value('u')) is not { } input)
        {
            return 1;
        }

        string name = i.State.Variables.Resolve(options.Operands.Count > 0 ? options.Operands[0] : "MAPFILE");
        if (ParameterReader.NameEnd(name, 0) != name.Length || name.Length == 0)
        {
            return await Builtin.ShellErrorAsync(i, name.Length == 0 ? "empty array variable name" : $"`{name}': not a valid identifier");
        }

        int most = Number(options.Value('n'), 0), skipped = Number(options.Value('s'), 0), origin = Number(options.Value('O'), 0);
        char end = options.Value('d') is { } delimiter ? delimiter.FirstOrDefault() : '\n';
        ShellArray array = Emptied(i.State, name, keeps: options.Has('O'));
        int quantum = Math.Max(1, Number(options.Value('c'), LinesBetween));
        StringBuilder line = new();
        int index = origin, count = 0;
        while (count < Math.Min(most == 0 ? int.MaxValue : most, MostLines) && await input.ReadByteAsync(i.Cancellation) is { } next)
        {
            line.Append((char)next);
            if (next == end)
            {
                if (options.Value('C') is { } callback && skipped <= 0 && (count + 1) % quantum == 0)
                {
                    await CallAsync(callback);
                }

                Add();
            }
            else if (line.Length % LongestLine == 0)
            {
                i.Hold(LongestLine * sizeof(char));
            }
        }

        if (line.Length > 0 && count < Math.Min(most == 0 ? int.MaxValue : most, MostLines))
        {
            Add();
        }

        return 0;

        // It is told of a line before the line is there.
        async ValueTask CallAsync(string callback)
        {
            string told = options.Has('t') ? line.ToString()[..^1] : line.ToString();
            await i.Interpreter.RunTextWithAsync(FormattableString.Invariant($"{callback} {index} {Quoting.Single(told)}"), "eval", i.State.Line, i.Streams, i.Cancellation);
        }

        void Add()
        {
            string whole = line.ToString();
            line.Clear();
            if (skipped-- > 0)
            {
                return;
            }

            whole = (options.Has('t') || end == '\0') && whole.EndsWith(end) ? whole[..^1] : whole;
            i.State.Reserve(whole.Length);
            array.Set((index++).ToString(CultureInfo.InvariantCulture), whole.Split('\0')[0]);
            count++;
        }
    }

    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;


    private static async ValueTask<int> WrongAsync(Invocation i, string error, string usage)
    {
        if (error.EndsWith("requires an argument", StringComparison.Ordinal))
        {
            await Builtin.ShellErrorAsync(i, error);
            await i.Streams.Error.WriteAsync($"{i.Name}: usage: {usage}\n", i.Cancellation);
            return 2;
        }

        return await Builtin.InvalidOptionAsync(i, error, usage);
    }

    private static async ValueTask<ShellInput?> InputAsync(Invocation i, string? descriptor)
    {
        if (descriptor is null)
        {
            if (!i.Streams.Input.IsClosed)
            {
                return i.Streams.Input;
            }

            await Builtin.ShellErrorAsync(i, "read error: 0: Bad file descriptor");
            return null;
        }

        if (int.TryParse(descriptor, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && i.Streams.Get(number)?.Input is { } input)
        {
            return input;
        }

        await Builtin.ShellErrorAsync(i, descriptor.All(char.IsAsciiDigit) ? $"{descriptor}: invalid file descriptor: Bad file descriptor" : $"{descriptor}: invalid file descriptor specification");
        return null;
    }

    private static ShellArray Emptied(ShellState state, string name, bool keeps)
    {
        ShellArray array = state.Array(name);
        array.IsAssigned = true;
        if (!keeps)
        {
            array.Clear();
        }

        return array;
    }

    private static void Assign(ShellState state, OptionParsing options, string text)
    {
        string separators = state.Find("IFS") ?? " \t\n";
        IReadOnlyList<string> names = options.Operands;
        if (options.Value('a') is { } array)
        {
            ShellArray elements = Emptied(state, array, keeps: false);
            foreach (string word in Split(text, separators, int.MaxValue))
            {
                state.Reserve(word.Length);
                elements.Add(word);
            }

            return;
        }

        if (names.Count == 0)
        {
            state.Set("REPLY", Plain(text));
            return;
        }

        List<string> words = options.Has('N') ? [Plain(text)] : Split(text, separators, names.Count);
        for (int n = 0; n < names.Count; n++)
        {
            state.Set(names[n], n < words.Count ? words[n] : "");
        }
    }

    /// <summary>A line without its end; backslashes are taken away unless it is raw, and one at the end joins the next line.</summary>
    private static async ValueTask<(string Text, bool IsEnded)> LineAsync(TimedBytes input, OptionParsing options, CancellationToken cancellation)
    {
        StringBuilder line = new();
        bool isRaw = options.Has('r'), isExact = options.Has('N');
        int most = (options.Value('N') ?? options.Value('n')) is { } given && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int letters) ? letters : LongestLine;
        char end = options.Value('d') is { } delimiter ? delimiter.FirstOrDefault() : '\n';
        int count = 0;
        while (count < most && line.Length < LongestLine)
        {
            if (await input.ReadByteAsync(cancellation) is not { } letter)
            {
                return (line.ToString(), false);
            }

            char c = (char)letter;
            if (c == '\\' && !isRaw)
            {
                if (await input.ReadByteAsync(cancellation) is not { } next)
                {
                    return (line.ToString(), false);
                }

                if (next != '\n')
                {
                    line.Append((char)(next | Escaped));
                    count++;
                }

                continue;
            }

            if (c == end && !isExact)
            {
                return (line.ToString(), true);
            }

            if (c != '\0')
            {
                line.Append(c);
            }

            // Bytes that go on a character count nothing.
            count += (letter & 0xC0) == 0x80 ? 0 : 1;
            if (count == most && letter >= 0xC0)
            {
                for (int more = letter >= 0xF0 ? 3 : letter >= 0xE0 ? 2 : 1; more > 0 && await input.ReadByteAsync(cancellation) is { } rest; more--)
                {
                    line.Append((char)rest);
                }
            }
        }

        return (line.ToString(), true);
    }

    // Bytes up to a time; behind it there are none.
    private sealed class TimedBytes(ShellInput input, DateTimeOffset? deadline, Invocation i)
    {
        /// <summary>The time was over before there was a byte.</summary>
        public bool IsOver { get; private set; }

        public async ValueTask<byte?> ReadByteAsync(CancellationToken cancellation)
        {
            if (deadline is { } end && input.WouldWait)
            {
                TimeSpan left = end - i.Machine.Time.GetUtcNow();
                if (left <= TimeSpan.Zero || !await input.WaitAsync(left, i.Machine.Time, cancellation))
                {
                    IsOver = true;
                    return null;
                }
            }

            return await input.ReadByteAsync(cancellation);
        }
    }

    private static string Plain(string text) => string.Concat(text.Select(c => (char)(c & 0xFF)));

    // The last word takes the rest, with the separators in it but without blanks at its end.
    private static List<string> Split(string text, string separators, int most)
    {
        bool IsSeparator(char c) => separators.Contains(c, StringComparison.Ordinal);
        bool IsBlank(char c) => c is ' ' or '\t' or '\n' && IsSeparator(c);
        List<string> words = [];
        int at = 0;
        void SkipBlanks()
        {
            while (at < text.Length && IsBlank(text[at]))
            {
                at++;
            }
        }

        SkipBlanks();
        while (at < text.Length && words.Count < most)
        {
            int start = at;
            while (at < text.Length && !IsSeparator(text[at]))
            {
                at++;
            }

            string word = text[start..at];
            SkipBlanks();
            if (at < text.Length && IsSeparator(text[at]))
            {
                at++;
                SkipBlanks();
            }

            if (words.Count == most - 1 && at < text.Length)
            {
                string rest = text[start..];
                int end = rest.Length;
                while (end > 0 && IsBlank(rest[end - 1]))
                {
                    end--;
                }

                words.Add(Plain(rest[..end]));
                return words;
            }

            words.Add(Plain(word));
        }

        return words;
    }
}
