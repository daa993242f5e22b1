using Blackwall.Tarpit.Shell.Entries;
using System.Globalization;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Builtins of bash.</summary>
internal static class Builtin
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        [":"] = _ => new(0),
        ["true"] = _ => new(0),
        ["false"] = _ => new(1),
        ["cd"] = FolderBuiltins.ChangeAsync,
        ["pwd"] = FolderBuiltins.PrintAsync,
        ["pushd"] = FolderBuiltins.PushAsync,
        ["popd"] = FolderBuiltins.PopAsync,
        ["dirs"] = FolderBuiltins.ListAsync,
        ["echo"] = PrintBuiltins.EchoAsync,
        ["printf"] = PrintBuiltins.PrintfAsync,
        ["unset"] = NameBuiltins.UnsetAsync,
        ["set"] = OptionBuiltins.SetAsync,
        ["shopt"] = OptionBuiltins.ShoptAsync,
        ["shift"] = ShiftAsync,
        ["read"] = ReadingBuiltins.ReadAsync,
        ["test"] = i => TestAsync(i, i.Arguments),
        ["["] = BracketAsync,
        ["let"] = LetAsync,
        ["alias"] = NameBuiltins.AliasAsync,
        ["unalias"] = NameBuiltins.UnaliasAsync,
        ["history"] = HistoryBuiltins.HistoryAsync,
        ["fc"] = HistoryBuiltins.FixAsync,
        ["type"] = NameBuiltins.TypeAsync,
        ["command"] = NameBuiltins.CommandAsync,
        ["builtin"] = NameBuiltins.BuiltinAsync,
        ["hash"] = HashBuiltin.RunAsync,
        ["enable"] = EnableBuiltin.RunAsync,
        ["kill"] = SignalBuiltins.KillAsync,
        ["trap"] = SignalBuiltins.TrapAsync,
        ["umask"] = UmaskAsync,
        ["ulimit"] = LimitBuiltin.RunAsync,
        ["wait"] = JobBuiltins.WaitAsync,
        ["jobs"] = JobBuiltins.ListAsync,
        ["disown"] = JobBuiltins.DisownAsync,
        ["bg"] = JobBuiltins.BackgroundAsync,
        ["fg"] = JobBuiltins.ForegroundAsync,
        ["getopts"] = OptionParsing.GetOptionAsync,
        ["mapfile"] = ReadingBuiltins.ReadLinesAsync,
        ["readarray"] = ReadingBuiltins.ReadLinesAsync,
        ["caller"] = CallerAsync,
        ["suspend"] = _ => new(1),
        ["bind"] = _ => new(0),
        ["complete"] = CompletionBuiltins.CompleteAsync,
        ["compgen"] = CompletionBuiltins.ListAsync,
        ["compopt"] = _ => new(0),
        ["help"] = HelpBuiltin.RunAsync,
        ["times"] = async i =>
        {
            await i.PrintAsync("0m0.011s 0m0.006s\n0m0.048s 0m0.031s\n");
            return 0;
        },
    };

    /// <summary>Tells an error as the shell does.</summary>
    /// <param name="isPlain">Without the name of the builtin.</param>
    public static async ValueTask<int> ShellErrorAsync(Invocation i, string text, int status = 1, bool isPlain = false)
    {
        await i.Streams.Error.WriteAsync($"{i.State.Where}{(isPlain ? "" : i.Name + ": ")}{text}\n", i.Cancellation);
        return status;
    }

    /// <summary>An option that the builtin does not have.</summary>
    public static async ValueTask<int> InvalidOptionAsync(Invocation i, string option, string usage)
    {
        await ShellErrorAsync(i, $"{option}: invalid option");
        await i.Streams.Error.WriteAsync($"{i.Name}: usage: {usage}\n", i.Cancellation);
        return 2;
    }

    private static async ValueTask<int> ShiftAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Arguments is ["--", ..] ? [.. i.Arguments.Skip(1)] : i.Arguments;
        if (operands.Count > 1)
        {
            throw new ShellErrorException("shift: too many arguments", i.State.IsInteractive || i.State.IsScript ? null : 1);
        }

        string text = operands.Count > 0 ? operands[0] : "1";
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
        {
            return await ShellErrorAsync(i, $"{text}: numeric argument required");
        }

        if (count < 0 || count > i.State.Arguments.Count)
        {
            return count < 0 || i.State.Has("shift_verbose") ? await ShellErrorAsync(i, $"{i.Arguments[0]}: shift count out of range") : 1;
        }

        i.State.Arguments = [.. i.State.Arguments.Skip(count)];
        return 0;
    }

    private static async ValueTask<int> BracketAsync(Invocation i) =>
        i.Arguments.Count == 0 || i.Arguments[^1] is not "]" ? await ShellErrorAsync(i, "missing `]'", 2) : await TestAsync(i, [.. i.Arguments.Take(i.Arguments.Count - 1)]);

    private static async ValueTask<int> TestAsync(Invocation i, IReadOnlyList<string> words)
    {
        try
        {
            return new ClassicTest(words, i.State, i.Streams).Evaluate();
        }
        catch (FormatException e)
        {
            return await ShellErrorAsync(i, e.Message, 2);
        }
    }

    private static async ValueTask<int> LetAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            return await ShellErrorAsync(i, "expression expected");
        }

        try
        {
            long value = 0;
            foreach (string expression in i.Arguments.Where((argument, at) => at > 0 || argument is not "--"))
            {
                value = Calculator.Evaluate(expression, i.State);
            }

            return value != 0 ? 0 : 1;
        }
        catch (ShellErrorException e) when (e.Exits is null)
        {
            return await ShellErrorAsync(i, e.Message);
        }
    }

    /// <summary>Whether a text is a name, or one with a subscript.</summary>
    public static bool IsReference(string text)
    {
        int end = Syntax.ParameterReader.NameEnd(text, 0);
        if (end == 0 || end == text.Length || text[end] != '[')
        {
            return end > 0 && end == text.Length;
        }

        return SubscriptEnd(text, end) == text.Length - 1;
    }

    /// <summary>The bracket that ends a subscript which is not empty; -1: none does.</summary>
    public static int SubscriptEnd(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return i > open + 1 ? i : -1;
            }
        }

        return -1;
    }

    private static async ValueTask<int> CallerAsync(Invocation i)
    {
        if (i.Arguments is [['-', not (>= '0' and <= '9'), ..] wrong, ..])
        {
            return await InvalidOptionAsync(i, wrong[..2], "caller [expr]");
        }

        IReadOnlyList<string> lines = Expansion.ShellParameters.List(i.State, "BASH_LINENO")!, names = Expansion.ShellParameters.List(i.State, "FUNCNAME")!, sources = Expansion.ShellParameters.List(i.State, "BASH_SOURCE")!;
        if (sources.Count == 0)
        {
            return 1;
        }

        if (i.Arguments.Count == 0)
        {
            await i.PrintAsync($"{lines.ElementAtOrDefault(0) ?? "0"} {sources.ElementAtOrDefault(1) ?? "NULL"}\n");
            return 0;
        }

        if (!int.TryParse(i.Arguments[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            await ShellErrorAsync(i, $"{i.Arguments[0]}: invalid number");
            await i.Streams.Error.WriteAsync("caller: usage: caller [expr]\n", i.Cancellation);
            return 2;
        }

        if (number < 0 || number + 1 >= names.Count)
        {
            return 1;
        }

        await i.PrintAsync($"{lines[number]} {names[number + 1]} {sources.ElementAtOrDefault(number + 1) ?? "NULL"}\n");
        return 0;
    }

    private static async ValueTask<int> UmaskAsync(Invocation i)
    {
        if (i.Arguments is [['-', not ('S' or 'p' or '-'), ..] wrong, ..])
        {
            return await InvalidOptionAsync(i, wrong[..2], "umask [-p] [-S] [mode]");
        }

        IReadOnlyList<string> operands = i.Operands;
        if (operands.Count == 0)
        {
            return await PrintMaskAsync(i);
        }

        if (operands[0].Length > 0 && operands[0].All(c => c is >= '0' and <= '7'))
        {
            int mask = Convert.ToInt32(operands[0][^Math.Min(4, operands[0].Length)..], 8);
            i.State.FileMask = mask & 0x1FF;
            return i.Has('S') ? await PrintMaskAsync(i) : 0;
        }

        if (char.IsAsciiDigit(operands[0].FirstOrDefault()))
        {
            return await ShellErrorAsync(i, $"{operands[0]}: octal number out of range");
        }

        if (WrongMode(operands[0]) is { } wrongMode)
        {
            return await ShellErrorAsync(i, wrongMode);
        }

        Files.FileNode allowing = new() { Content = new Files.StoredContent([]), Mode = 0x1FF & ~i.State.FileMask };
        if (Modes.Apply(operands[0], allowing, 0) is not { } applied)
        {
            return await ShellErrorAsync(i, $"`{operands[0][0]}': invalid symbolic mode operator");
        }

        i.State.FileMask = 0x1FF & ~applied;
        return 0;
    }

    private static async ValueTask<int> PrintMaskAsync(Invocation i)
    {
        string octal = Convert.ToString(i.State.FileMask, 8).PadLeft(4, '0');
        int allowed = 0x1FF & ~i.State.FileMask;
        string Letters(int bits) => $"{((bits & 4) != 0 ? "r" : "")}{((bits & 2) != 0 ? "w" : "")}{((bits & 1) != 0 ? "x" : "")}";
        await i.PrintAsync(i.Has('S') ? $"{(i.Has('p') ? "umask -S " : "")}u={Letters(allowed >> 6)},g={Letters(allowed >> 3)},o={Letters(allowed)}\n" : i.Has('p') ? $"umask {octal}\n" : octal + "\n");
        return 0;
    }

    // u=rw,go-x; null: it is such a mode.
    private static string? WrongMode(string mode)
    {
        foreach (string part in mode.Split(','))
        {
            string rest = part.TrimStart('u', 'g', 'o', 'a');
            if (rest is not ['+' or '-' or '=', ..])
            {
                return $"`{rest.FirstOrDefault()}': invalid symbolic mode operator";
            }

            if (rest[1..].FirstOrDefault(c => c is not ('r' or 'w' or 'x')) is not '\0' and var letter)
            {
                return $"`{letter}': invalid symbolic mode character";
            }
        }

        return null;
    }
}
