using System.Text;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Python.Modules;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>The interpreter at a terminal: a line, or a block up to an empty line, and its value.</summary>
internal static class PythonPrompt
{
    private const int LongestBlock = 64 * 1024;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        using PythonMachine machine = new(i, "<stdin>", null, [""]);
        machine.Shows = async value =>
        {
            machine.Module.Values["_"] = value;
            await machine.WriteAsync(await machine.Calls.RepresentAsync(value) + "\n");
        };
        foreach (string name in new[] { "exit", "quit" })
        {
            // Without brackets they say how to use them.
            PythonClass type = new("Quitter", []);
            type.Members["__repr__"] = new NativeFunction("__repr__", (m, a) => new($"Use {name}() or Ctrl-D (i.e. EOF) to exit"));
            type.Members["__call__"] = new NativeFunction("__call__", (m, a) => throw PythonErrors.New("SystemExit", [.. a.Values.Skip(1)]));
            machine.Builtins[name] = new PythonObject(type);
        }

        await i.PrintAsync($"Python {SysModule.Version} on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
        while (true)
        {
            i.State.Budget.Reset();
            await i.PrintAsync(">>> ");
            if (await i.Streams.Input.ReadLineAsync(i.Cancellation) is not { } line)
            {
                await i.PrintAsync("\n");
                return 0;
            }

            if (await RunAsync(i, machine, await RestAsync(i, line.TrimEnd('\r'))) is { } status)
            {
                return status;
            }
        }
    }

    // A block goes on until a line is empty; brackets and long strings until they are closed.
    private static async ValueTask<string> RestAsync(Invocation i, string line)
    {
        StringBuilder text = new(line);
        bool isBlock = line.TrimEnd().EndsWith(':') || line.StartsWith('@');
        while (text.Length < LongestBlock && (isBlock || IsOpen(text.ToString())))
        {
            await i.PrintAsync("... ");
            if (await i.Streams.Input.ReadLineAsync(i.Cancellation) is not { } next || (isBlock && next.Trim().Length == 0))
            {
                break;
            }

            text.Append('\n').Append(next.TrimEnd('\r'));
        }

        return PythonEncoding.FromShell(text.ToString());
    }

    private static bool IsOpen(string text)
    {
        try
        {
            new PythonLexer(text).Read();
            return false;
        }
        catch (PythonSyntaxException e)
        {
            return e.Message.EndsWith("was never closed", StringComparison.Ordinal) || e.Message.StartsWith("unterminated triple-quoted", StringComparison.Ordinal);
        }
    }

    // What it exits with; null: it goes on.
    private static async ValueTask<int?> RunAsync(Invocation i, PythonMachine machine, string text)
    {
        IReadOnlyList<PythonNode> program;
        try
        {
            program = PythonParser.Read(text);
        }
        catch (PythonSyntaxException e)
        {
            await machine.WriteErrorAsync(e.Describe(text, "<stdin>"));
            return null;
        }

        bool isOver = false;
        int status = await machine.GuardAsync(async () =>
        {
            try
            {
                await machine.Statements.RunModuleAsync(program, new PythonFrame(machine.Module, "<module>", "<stdin>", null));
            }
            catch (PythonException e) when (e.Value.Type.Is(PythonErrors.Get("SystemExit")))
            {
                isOver = true;
                throw;
            }
        });
        await machine.FlushAsync();
        return isOver ? status : null;
    }
}
