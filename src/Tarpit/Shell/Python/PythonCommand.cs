using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Connections;
using Blackwall.Tarpit.Shell.Python.Modules;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>python3(1) 3.12.3.</summary>
internal static class PythonCommand
{
    private const int LongestProgram = 256 * 1024;
    private const string Usage = "usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n";

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        bool isInteractive = false;
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (argument is "-" or "" || argument[0] != '-')
            {
                return argument is "-" ? await InputAsync(i, [.. i.Arguments.Skip(at)]) : await FileAsync(i, argument, [.. i.Arguments.Skip(at)]);
            }

            if (argument is "--version" or "-V" or "-VV")
            {
                return await SystemCommands.PrintAsync(i, $"Python {(argument is "-VV" ? SysModule.Version : "3.12.3")}\n");
            }

            if (argument is "--help" or "-h" or "-?")
            {
                return await SystemCommands.PrintAsync(i, "usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nOptions (and corresponding environment variables):\n-b     : issue warnings about str(bytes_instance), str(bytearray_instance)\n         and comparing bytes/bytearray with str. (-bb: issue errors)\n-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n-c cmd : program passed in as string (terminates option list)\n");
            }

            foreach ((char letter, int n) in argument.Skip(1).Select((letter, n) => (letter, n)))
            {
                string? value = n + 2 < argument.Length ? argument[(n + 2)..] : i.Arguments.ElementAtOrDefault(at + 1);
                int rest = n + 2 < argument.Length ? at + 1 : at + 2;
                switch (letter)
                {
                    case 'c':
                        return value is null ? await TellAsync(i, "Argument expected for the -c option\n" + Usage, 2) : await ProgramAsync(i, value, "<string>", null, ["-c", .. i.Arguments.Skip(rest)]);
                    case 'm':
                        return value is null ? await TellAsync(i, "Argument expected for the -m option\n" + Usage, 2) : await ModuleAsync(i, value, [.. i.Arguments.Skip(rest)]);
                    case 'W' or 'X':
                        at = rest - 1;
                        break;
                    case 'i':
                        isInteractive = true;
                        break;
                    case var other when !"bBdEhIOPqsSuvxR".Contains(other, StringComparison.Ordinal):
                        return await TellAsync(i, argument.StartsWith("--", StringComparison.Ordinal) ? $"unknown option {argument}\n{Usage}" : $"Unknown option: -{other}\n{Usage}", 2);
                }

                if (letter is 'W' or 'X')
                {
                    break;
                }
            }
        }

        return isInteractive || (i.State.Io.Terminal is not null && ReferenceEquals(i.Streams.Input, i.Interpreter.Streams.Input)) ? await PythonPrompt.RunAsync(i) : await InputAsync(i, [""]);
    }

    private static async ValueTask<int> TellAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> InputAsync(Invocation i, string[] arguments) => await ProgramAsync(i, Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation)), "<stdin>", null, arguments);

    private static async ValueTask<int> FileAsync(Invocation i, string name, string[] arguments)
    {
        if (i.Files.Find(i.State.Path(name)) is FolderNode)
        {
            return await TellAsync(i, $"/usr/bin/python3: can't find '__main__' module in '{i.State.Path(name)}'\n", 1);
        }

        FileError error = i.Read(name, out byte[] content);
        if (error is not FileError.None)
        {
            return await TellAsync(i, $"python3: can't open file '{i.State.Path(name)}': [Errno {(error is FileError.NotPermitted ? "13" : error is FileError.NotFolder ? "20" : "2")}] {error.Text()}\n", 2);
        }

        return content.AsSpan().Contains((byte)0) ? await TellAsync(i, "SyntaxError: source code cannot contain null bytes\n", 1) : await ProgramAsync(i, Encoding.Latin1.GetString(content), i.State.Path(name), content, arguments);
    }

    private static async ValueTask<int> ProgramAsync(Invocation i, string text, string file, byte[]? content, string[] arguments)
    {
        text = PythonEncoding.FromShell(text.Length <= LongestProgram ? text : text[..LongestProgram]).ReplaceLineEndings("\n");
        string folder = i.State.Folder;
        try
        {
            using PythonMachine machine = new(i, file, content is null ? null : text, [.. arguments.Select(PythonEncoding.FromShell)]);
            return await machine.RunAsync(text);
        }
        finally
        {
            i.State.Folder = folder;
        }
    }

    private static async ValueTask<int> ModuleAsync(Invocation i, string module, string[] arguments)
    {
        switch (module)
        {
            case "http.server":
                return await FileServer.RunAsync(i, arguments);
            case "json.tool":
                return await JsonAsync(i, arguments);
            case "base64":
                return await ProgramAsync(i, $"import sys, base64\nd = open(sys.argv[2], 'rb').read() if len(sys.argv) > 2 else sys.stdin.buffer.read()\nsys.stdout.write((base64.b64decode(d) if sys.argv[1:2] == ['-d'] else base64.encodebytes(d)).decode('latin-1'))", "<string>", null, ["base64", .. arguments]);
            case "venv":
                return await TellAsync(i, $"The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.\n\n    apt install python3.12-venv\n\nYou may need to use sudo with that command.  After installing the python3-venv\npackage, recreate your virtual environment.\n\nFailing command: {i.State.Path(arguments.FirstOrDefault("venv"))}/bin/python3\n\n", 1);
            case "SimpleHTTPServer" or "pip" or "pip3" or "virtualenv":
                return await TellAsync(i, $"/usr/bin/python3: No module named {module}\n", 1);
        }

        string path = module.Replace('.', '/') + ".py";
        return i.Read(path, out _) is FileError.None ? await FileAsync(i, path, [path, .. arguments]) : PythonModules.IsLibrary(module.Split('.')[0]) ? 0 : await TellAsync(i, $"/usr/bin/python3: No module named {module}\n", 1);
    }

    private static async ValueTask<int> JsonAsync(Invocation i, string[] arguments)
    {
        string? name = arguments.FirstOrDefault(argument => argument.Length > 0 && argument[0] != '-');
        byte[] content;
        if (name is null)
        {
            content = await i.Streams.Input.ReadAllAsync(i.Cancellation);
        }
        else if (i.Read(name, out content) is var error && error is not FileError.None)
        {
            return await TellAsync(i, $"usage: python3 -m json.tool [-h] [--sort-keys] [--no-ensure-ascii]\n                            [--json-lines]\n                            [--indent INDENT | --tab | --no-indent | --compact]\n                            [infile] [outfile]\npython3 -m json.tool: error: argument infile: can't open '{name}': [Errno 2] {error.Text()}: '{name}'\n", 2);
        }

        try
        {
            Dictionary<string, object?> named = new(StringComparer.Ordinal) { ["indent"] = (System.Numerics.BigInteger)4, ["sort_keys"] = arguments.Contains("--sort-keys", StringComparer.Ordinal) };
            return await SystemCommands.PrintAsync(i, JsonModule.Write(JsonModule.Read(PythonEncoding.FromBytes(content)), new CallArguments("dumps", [], named)) + "\n");
        }
        catch (PythonException e)
        {
            return await TellAsync(i, PythonErrors.Text(e.Value) + "\n", 1);
        }
    }
}
