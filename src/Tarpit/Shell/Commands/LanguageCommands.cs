using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>
/// Interpreters of other languages: versions, the simplest one-liners (texts, sums, system calls that run a command here), and errors as they word them. Other programs end without a word,
/// as many do.
/// </summary>
internal static partial class LanguageCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["python3"] = Python.PythonCommand.RunAsync,
        ["python3.12"] = Python.PythonCommand.RunAsync,
        ["perl"] = PerlAsync,
        ["perl5.38.2"] = PerlAsync,
        ["php"] = PhpAsync,
        ["php8.3"] = PhpAsync,
        ["pydoc3"] = i => new(0),
        ["py3versions"] = i => SystemCommands.PrintAsync(i, "python3.12\n"),
        ["bc"] = Bc.BcCommand.RunAsync,
    };

    private static async ValueTask<int> UsageAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static string Sum(Invocation i, string value)
    {
        try
        {
            return Calculator.Evaluate(value.Replace("//", "/", StringComparison.Ordinal), i.State).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException or FormatException or ArgumentException)
        {
            return "0";
        }
    }

    private static string? Unquote(string value)
    {
        string text = value.Trim().TrimStart('b', 'r', 'u', 'f');
        return text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] && text.IndexOf(text[0], 1) == text.Length - 1
            ? text[1..^1].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal) : null;
    }

    private static async ValueTask<int> PerlAsync(Invocation i)
    {
        if (i.Arguments is ["-v" or "--version", ..])
        {
            return await SystemCommands.PrintAsync(i, "\nThis is perl 5, version 38, subversion 2 (v5.38.2) built for x86_64-linux-gnu-thread-multi\n(with 44 registered patches, see perl -V for more detail)\n\nCopyright 1987-2023, Larry Wall\n\nPerl may be copied only under the terms of either the Artistic License or the\nGNU General Public License, which may be found in the Perl 5 source kit.\n\nComplete documentation for Perl, including FAQ lists, should be found on\nthis system using \"man perl\" or \"perldoc perl\".  If you have access to the\nInternet, point your browser at https://www.perl.org/, the Perl Home Page.\n\n");
        }

        int at = Array.FindIndex([.. i.Arguments], argument => argument is ['-', ..] && argument[^1] is 'e' or 'E');
        if (at >= 0 && at + 1 < i.Arguments.Count)
        {
            foreach (string statement in i.Arguments[at + 1].Split(';'))
            {
                string text = statement.Trim();
                if (PerlPrint().Match(text) is { Success: true } print)
                {
                    string value = print.Groups["value"].Value.Trim().TrimStart('(').TrimEnd(')');
                    await i.PrintAsync((Unquote(value) ?? (Arithmetic().IsMatch(value) ? Sum(i, value) : "")) + (text.StartsWith("say", StringComparison.Ordinal) ? "\n" : ""));
                }
                else if (PerlSystem().Match(text) is { Success: true } call && Unquote(call.Groups["command"].Value) is { } command)
                {
                    await i.Interpreter.CallAsync(["sh", "-c", command], i.Streams, i.Cancellation);
                }
            }

            return 0;
        }

        return i.Operands is [var name, ..] && i.Read(name, out _) is var error && error != FileError.None ? await UsageAsync(i, $"Can't open perl script \"{name}\": {error.Text()}\n", 2) : 0;
    }

    private static async ValueTask<int> PhpAsync(Invocation i)
    {
        if (i.Has('v', "version"))
        {
            return await SystemCommands.PrintAsync(i, "PHP 8.3.6 (cli) (built: Sep 30 2024 15:17:17) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.3.6, Copyright (c) Zend Technologies\n    with Zend OPcache v8.3.6, Copyright (c), by Zend Technologies\n");
        }

        if (i.Has('m'))
        {
            return await SystemCommands.PrintAsync(i, "[PHP Modules]\ncalendar\nCore\nctype\ncurl\ndate\ndom\nexif\nFFI\nfileinfo\nfilter\nftp\ngd\ngettext\nhash\niconv\njson\nlibxml\nmbstring\nmysqli\nmysqlnd\nopenssl\npcntl\npcre\nPDO\npdo_mysql\nPhar\nposix\nrandom\nreadline\nReflection\nsession\nSimpleXML\nsockets\nsodium\nSPL\nstandard\ntokenizer\nxml\nxmlreader\nxmlwriter\nxsl\nZend OPcache\nzip\nzlib\n\n[Zend Modules]\nZend OPcache\n\n");
        }

        string? code = i.Value('r');
        if (code is null && i.Operands is [var name, ..])
        {
            if (i.Read(name, out byte[] script) != FileError.None)
            {
                return await SystemCommands.PrintAsync(i, $"Could not open input file: {name}\n", 1);
            }

            await i.PrintAsync(PhpText.Render(Encoding.Latin1.GetString(script)));
            return 0;
        }

        foreach (string statement in (code ?? "").Split(';'))
        {
            if (PerlSystem().Match(statement.Trim()) is { Success: true } call && Unquote(call.Groups["command"].Value) is { } command)
            {
                await i.Interpreter.CallAsync(["sh", "-c", command], i.Streams, i.Cancellation);
            }
            else
            {
                await i.PrintAsync(PhpText.Render($"<?php {statement};"));
            }
        }

        return 0;
    }

    [GeneratedRegex(@"^[\d\s()+*/%-]*\d[\d\s()+*/%-]*$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Arithmetic();

    [GeneratedRegex(@"^(print|say)\s*(?<value>.*)$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PerlPrint();

    [GeneratedRegex(@"^(exec|system|passthru|shell_exec)\s*\(?\s*(?<command>""[^""]*""|'[^']*')", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PerlSystem();
}
