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
    // What python3 of the release can import: its library, and the packages that a server has.
    private static readonly System.Collections.Frozen.FrozenSet<string> s_modules = System.Collections.Frozen.FrozenSet.ToFrozenSet(
        "abc argparse array ast asyncio atexit base64 binascii bisect bz2 calendar cgi cmath cmd code codecs collections concurrent configparser contextlib copy crypt csv ctypes curses datetime decimal difflib dis email encodings enum errno fcntl filecmp fnmatch fractions ftplib functools gc getopt getpass gettext glob grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox math mimetypes mmap multiprocessing nntplib numbers operator os pathlib pdb pickle pkgutil platform poplib pprint profile pty pwd queue random re readline resource sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string struct subprocess symtable sys sysconfig syslog tarfile telnetlib tempfile termios textwrap threading time timeit token tokenize trace traceback tty types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser xml xmlrpc zipfile zipimport zlib zoneinfo apt attr blinker certifi cffi chardet click colorama configobj cryptography dbus debconf distro httplib2 hyperlink idna incremental jinja2 jsonpatch jsonschema jwt launchpadlib markupsafe netifaces oauthlib OpenSSL pexpect pkg_resources ptyprocess pyasn1 pygments pyparsing requests rich serial service_identity setuptools six systemd twisted urllib3 yaml zope __future__".Split(' '), StringComparer.Ordinal);

    private const int LongestProgram = 256 * 1024;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["python3"] = PythonAsync,
        ["python3.12"] = PythonAsync,
        ["perl"] = PerlAsync,
        ["perl5.38.2"] = PerlAsync,
        ["php"] = PhpAsync,
        ["php8.3"] = PhpAsync,
        ["pydoc3"] = i => new(0),
        ["py3versions"] = i => SystemCommands.PrintAsync(i, "python3.12\n"),
        ["bc"] = Bc.BcCommand.RunAsync,
    };

    private static async ValueTask<int> PythonAsync(Invocation i)
    {
        if (i.Arguments.Any(argument => argument is "-V" or "--version" or "-VV"))
        {
            return await SystemCommands.PrintAsync(i, "Python 3.12.3\n");
        }

        int at = Array.FindIndex([.. i.Arguments], argument => argument.StartsWith('-') && argument.EndsWith('c') && !argument.StartsWith("--", StringComparison.Ordinal));
        if (at >= 0)
        {
            return at + 1 < i.Arguments.Count ? await RunAsync(i, i.Arguments[at + 1], "<string>") : await UsageAsync(i, "Argument expected for the -c option\nusage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n", 2);
        }

        if (i.Value('m') is { } module)
        {
            return module switch
            {
                "http.server" or "SimpleHTTPServer" => await ServeAsync(i),
                "pip" => await UsageAsync(i, "/usr/bin/python3: No module named pip\n", 1),
                "pty" or "json.tool" or "venv" => 0,
                _ => await UsageAsync(i, $"/usr/bin/python3: No module named {module}\n", 1),
            };
        }

        if (i.Operands.FirstOrDefault(operand => operand is not "-") is { } name)
        {
            return i.Read(name, out byte[] script) is var error && error != FileError.None
                ? await UsageAsync(i, $"python3: can't open file '{i.State.Path(name)}': [Errno 2] {error.Text()}\n", 2)
                : await RunAsync(i, Encoding.Latin1.GetString(script), name);
        }

        if (i.State.Io.Terminal is null || !i.Streams.Input.IsPeer)
        {
            return await RunAsync(i, Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation)), "<stdin>");
        }

        await i.PrintAsync("Python 3.12.3 (main, Sep 11 2024, 14:17:37) [GCC 13.2.0] on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
        while (true)
        {
            await i.PrintAsync(">>> ");
            if (await i.Streams.Input.ReadLineAsync(i.Cancellation) is not { } line || line.Trim() is "exit()" or "quit()")
            {
                await i.PrintAsync("\n");
                return 0;
            }

            await RunAsync(i, line.Contains('(', StringComparison.Ordinal) || line.Contains('=', StringComparison.Ordinal) || line.StartsWith("import", StringComparison.Ordinal) || line.Trim().Length == 0 ? line : $"print({line})", "<stdin>");
        }
    }

    private static async ValueTask<int> UsageAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> ServeAsync(Invocation i)
    {
        string port = i.Operands.LastOrDefault(operand => operand.All(char.IsAsciiDigit)) ?? "8000";
        if (World.Sockets.All(i.State.Visit.Memory).Any(socket => socket.State is "LISTEN" && string.Equals(socket.Port.ToString(CultureInfo.InvariantCulture), port, StringComparison.Ordinal)))
        {
            return await UsageAsync(i, "OSError: [Errno 98] Address already in use\n", 1);
        }

        await i.PrintAsync($"Serving HTTP on 0.0.0.0 port {port} (http://0.0.0.0:{port}/) ...\n");
        await Task.Delay(Timeout.InfiniteTimeSpan, i.Machine.Time, i.Cancellation);
        return 0;
    }

    private static async ValueTask<int> RunAsync(Invocation i, string program, string name)
    {
        program = program.Length <= LongestProgram ? program : program[..LongestProgram];
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (string statement in program.Split(['\n', ';']))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            string text = statement.Trim();
            if (PrintCall().Match(text) is { Success: true } print)
            {
                await i.PrintAsync(PythonText(i, print.Groups["value"].Value, variables) + "\n");
            }
            else if (SystemCall().Match(text) is { Success: true } call && Unquote(call.Groups["command"].Value) is { } command)
            {
                await i.Interpreter.CallAsync(["sh", "-c", command], i.Streams, i.Cancellation);
            }
            else if (text.StartsWith("pty.spawn", StringComparison.Ordinal) || text.Contains("pty.spawn(", StringComparison.Ordinal))
            {
                await i.Interpreter.CallAsync(["bash"], i.Streams, i.Cancellation);
            }
            else if (MissingModule().Match(text) is { Success: true } import && !s_modules.Contains(import.Groups["name"].Value))
            {
                return await UsageAsync(i, $"Traceback (most recent call last):\n  File \"{name}\", line 1, in <module>\nModuleNotFoundError: No module named '{import.Groups["name"].Value}'\n", 1);
            }
            else if (PythonAssignment().Match(text) is { Success: true } set && variables.Count < 100)
            {
                variables[set.Groups["name"].Value] = PythonText(i, set.Groups["value"].Value, variables);
            }
            else if (text.Count(c => c == '(') != text.Count(c => c == ')') && !program.Contains('\n', StringComparison.Ordinal))
            {
                return await UsageAsync(i, $"  File \"{name}\", line 1\n    {text}\n{new string(' ', 4 + Math.Max(0, text.IndexOf('(', StringComparison.Ordinal)))}^\nSyntaxError: {(text.Contains('(', StringComparison.Ordinal) ? "'(' was never closed" : "unmatched ')'")}\n", 1);
            }
        }

        return 0;
    }

    private static string PythonText(Invocation i, string value, Dictionary<string, string> variables)
    {
        value = value.Trim();
        return Unquote(value) ?? (variables.GetValueOrDefault(value) is { } variable ? variable : value switch
        {
            "" => "",
            "os.getuid()" => i.State.Visit.UserId.ToString(CultureInfo.InvariantCulture),
            "os.getcwd()" => i.State.Folder,
            "sys.version" => "3.12.3 (main, Sep 11 2024, 14:17:37) [GCC 13.2.0]",
            "socket.gethostname()" or "platform.node()" => i.State.Visit.Memory.HostName,
            "platform.platform()" => $"Linux-{i.Machine.Kernel}-x86_64-with-glibc2.39",
            "os.cpu_count()" => i.Machine.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            _ when Arithmetic().IsMatch(value) => Sum(i, value),
            _ when Repeated().Match(value) is { Success: true } repeated && int.TryParse(repeated.Groups["times"].Value, CultureInfo.InvariantCulture, out int times) && times is >= 0 and <= 65_536 => string.Concat(Enumerable.Repeat(repeated.Groups["text"].Value, times)),
            _ => value,
        });
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

    [GeneratedRegex(@"^print\s*\((?<value>.*)\)$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PrintCall();

    [GeneratedRegex(@"(os\.system|os\.popen|subprocess\.\w+)\s*\((?<command>""[^""]*""|'[^']*')", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex SystemCall();

    [GeneratedRegex(@"^(import|from)\s+(?<name>[A-Za-z_]\w*)", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex MissingModule();

    [GeneratedRegex(@"^(?<name>[A-Za-z_]\w*)\s*=\s*(?<value>[^=].*)$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PythonAssignment();

    [GeneratedRegex(@"^[\d\s()+*/%-]*\d[\d\s()+*/%-]*$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Arithmetic();

    [GeneratedRegex(@"^['""](?<text>[^'""]*)['""]\s*\*\s*(?<times>\d+)$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Repeated();

    [GeneratedRegex(@"^(print|say)\s*(?<value>.*)$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PerlPrint();

    [GeneratedRegex(@"^(exec|system|passthru|shell_exec)\s*\(?\s*(?<command>""[^""]*""|'[^']*')", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PerlSystem();
}
