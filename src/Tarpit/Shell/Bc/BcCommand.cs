using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>bc(1).</summary>
internal static class BcCommand
{
    private const int LongestProgram = 256 * 1024;
    private const int LibraryScale = 20;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "hilqsvwe:", new Dictionary<string, char>(StringComparer.Ordinal) { ["mathlib"] = 'l', ["quiet"] = 'q', ["standard"] = 's', ["warn"] = 'w', ["interactive"] = 'i', ["version"] = 'v', ["help"] = 'h', ["expression"] = 'e' }, isMixed: true);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"bc: {OptionParsing.Describe(error)}\nusage: bc [options] [file ...]\n", i.Cancellation);
            return 1;
        }

        if (options.Has('v'))
        {
            return await SystemCommands.PrintAsync(i, "bc 1.07.1\nCopyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, Inc.\n");
        }

        Dictionary<string, BcFunction> functions = new(StringComparer.Ordinal);
        BcMachine machine = new(() => i.State.Budget.StepAsync(i.Cancellation)) { Functions = functions };
        if (options.Has('l'))
        {
            machine.HasLibrary = true;
            machine.Scale = LibraryScale;
        }

        foreach (string name in options.Operands)
        {
            if (i.Read(name, out byte[] content) != FileError.None)
            {
                await i.Streams.Error.WriteAsync($"File {name} is unavailable.\n", i.Cancellation);
                return 1;
            }

            await RunTextAsync(i, machine, functions, Encoding.Latin1.GetString(content), name);
        }

        if (!machine.HasQuit && i.State.Io.Terminal is not null && i.Streams.Input.IsPeer)
        {
            await i.PrintAsync(options.Has('q') ? "" : "bc 1.07.1\nCopyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, Inc.\nThis is free software with ABSOLUTELY NO WARRANTY.\nFor details type `warranty'. \n");
            while (!machine.HasQuit && await i.Streams.Input.ReadLineAsync(i.Cancellation) is { } line)
            {
                await RunTextAsync(i, machine, functions, line + "\n", "(standard_in)");
            }
        }
        else if (!machine.HasQuit)
        {
            await RunTextAsync(i, machine, functions, Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation)), "(standard_in)");
        }

        return 0;
    }

    private static async ValueTask RunTextAsync(Invocation i, BcMachine machine, Dictionary<string, BcFunction> functions, string text, string source)
    {
        BcParser parser = new(text.Length <= LongestProgram ? text : text[..LongestProgram]);
        while (!parser.IsAtEnd && !machine.HasQuit)
        {
            try
            {
                BcNode? statements = parser.ReadLine();
                foreach ((string name, BcFunction function) in parser.Functions)
                {
                    functions[name] = function;
                }

                if (statements is not null)
                {
                    await machine.RunAsync(statements);
                }
            }
            catch (FormatException)
            {
                await i.Streams.Error.WriteAsync(FormattableString.Invariant($"{source} {parser.Line}: syntax error\n"), i.Cancellation);
                parser.SkipLine();
            }
            catch (BcErrorException e)
            {
                await i.PrintAsync(machine.Take());
                await i.Streams.Error.WriteAsync($"Runtime error (func=(main), adr=3): {e.Message}\n", i.Cancellation);
            }

            await i.PrintAsync(machine.Take());
        }
    }
}
