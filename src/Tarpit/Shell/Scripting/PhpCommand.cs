using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>php(1) 8.3.6.</summary>
internal static class PhpCommand
{
    private const int Longest = 256 * 1024;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        if (i.Has('v', "version"))
        {
            return await SystemCommands.PrintAsync(i, "PHP 8.3.6 (cli) (built: Sep 30 2024 15:17:17) (NTS)\nCopyright (c) The PHP Group\nZend Engine v4.3.6, Copyright (c) Zend Technologies\n    with Zend OPcache v8.3.6, Copyright (c), by Zend Technologies\n");
        }

        if (i.Has('m'))
        {
            return await SystemCommands.PrintAsync(i, "[PHP Modules]\ncalendar\nCore\nctype\ncurl\ndate\ndom\nexif\nFFI\nfileinfo\nfilter\nftp\ngd\ngettext\nhash\niconv\njson\nlibxml\nmbstring\nmysqli\nmysqlnd\nopenssl\npcntl\npcre\nPDO\npdo_mysql\nPhar\nposix\nrandom\nreadline\nReflection\nsession\nSimpleXML\nsockets\nsodium\nSPL\nstandard\ntokenizer\nxml\nxmlreader\nxmlwriter\nxsl\nZend OPcache\nzip\nzlib\n\n[Zend Modules]\nZend OPcache\n\n");
        }

        if (i.Value('r') is { } code)
        {
            return await RunAsync(i, code, "Command line code");
        }

        byte[] script;
        string name = i.Value('f') ?? i.Operands.FirstOrDefault("-");
        if (name is "-")
        {
            script = await i.Streams.Input.ReadAllAsync(i.Cancellation);
        }
        else if (i.Read(name, out script) is not FileError.None)
        {
            return await SystemCommands.PrintAsync(i, $"Could not open input file: {name}\n", 1);
        }

        string text = Encoding.Latin1.GetString(script, 0, Math.Min(script.Length, Longest));
        text = text.StartsWith("#!", StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text;
        return await RunAsync(i, "?>\n" + text.Replace("<?=", "<?php echo ", StringComparison.Ordinal), name is "-" ? "Standard input code" : i.State.Path(name));
    }

    private static async ValueTask<int> RunAsync(Invocation i, string code, string file)
    {
        ScriptMachine machine = new(i, isPhp: true, file);
        string folder = i.State.Folder;
        try
        {
            (IReadOnlyList<ScriptNode> program, _) = ScriptParser.Read(code, isPhp: true);
            await machine.Statements.RunAsync(program);
            await machine.FlushAsync();
            return 0;
        }
        catch (ScriptSyntaxException e)
        {
            string near = e.Near.TrimStart('\0').Split('\n')[0];
            string found = near.Length == 0 ? "end of file" : near[0] == '$' ? $"variable \"{string.Concat(near.TakeWhile(c => c == '$' || ScriptSource.IsLetter(c)))}\"" : char.IsAsciiLetter(near[0]) ? $"identifier \"{string.Concat(near.TakeWhile(ScriptSource.IsLetter))}\"" : char.IsAsciiDigit(near[0]) ? $"integer \"{string.Concat(near.TakeWhile(char.IsAsciiDigit))}\"" : near[0] is '"' or '\'' ? $"double-quoted string \"{near.Trim('"', '\'').Split('"', '\'')[0]}\"" : $"token \"{near[0]}\"";
            await i.Streams.Error.WriteAsync($"PHP Parse error:  syntax error, unexpected {found}{(near.Length == 0 && !code.TrimEnd().EndsWith('}') ? ", expecting \",\" or \";\"" : "")} in {file} on line {e.Line.ToString(CultureInfo.InvariantCulture)}\n", i.Cancellation);
            return 255;
        }
        catch (ScriptDieException e)
        {
            await machine.FlushAsync();
            await i.Streams.Error.WriteAsync(e.Message.Length == 0 ? "" : e.Message.StartsWith("Uncaught", StringComparison.Ordinal) ? $"PHP Fatal error:  {e.Message} in {file}:1\nStack trace:\n#0 {{main}}\n  thrown in {file} on line 1\n" : $"PHP Fatal error:  {e.Message} in {file} on line 1\n", i.Cancellation);
            return e.Status;
        }
        finally
        {
            i.State.Folder = folder;
            machine.Drop();
        }
    }
}
