using Blackwall.Tarpit.Shell.Awk;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Sed;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Programs that read, change and compare text, by name.</summary>
internal static class TextTools
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["cat"] = CatCommand.RunAsync,
        ["tac"] = CatCommand.ReverseLinesAsync,
        ["rev"] = CatCommand.ReverseCharactersAsync,
        ["nl"] = CatCommand.NumberAsync,
        ["head"] = EndsCommand.HeadAsync,
        ["tail"] = EndsCommand.TailAsync,
        ["wc"] = CountCommand.RunAsync,
        ["tee"] = WritingCommands.TeeAsync,
        ["split"] = WritingCommands.SplitAsync,
        ["strings"] = DumpCommands.StringsAsync,
        ["xxd"] = DumpCommands.HexAsync,
        ["hexdump"] = DumpCommands.HexdumpAsync,
        ["hd"] = DumpCommands.HexdumpAsync,
        ["od"] = DumpCommands.OctalAsync,
        ["grep"] = GrepCommand.RunAsync,
        ["egrep"] = GrepCommand.RunAsync,
        ["fgrep"] = GrepCommand.RunAsync,
        ["rgrep"] = i => GrepCommand.RunAsync(i with { Name = "grep", Arguments = ["-r", .. i.Arguments] }),
        ["sort"] = SortCommand.RunAsync,
        ["uniq"] = UniqueCommand.RunAsync,
        ["cut"] = CutCommand.RunAsync,
        ["tr"] = TranslateCommand.RunAsync,
        ["sed"] = StreamEditor.RunAsync,
        ["awk"] = AwkCommand.RunAsync,
        ["gawk"] = AwkCommand.RunAsync,
        ["mawk"] = AwkCommand.RunAsync,
        ["seq"] = SequenceCommands.SequenceAsync,
        ["yes"] = SequenceCommands.RepeatAsync,
        ["shuf"] = SequenceCommands.ShuffleAsync,
        ["factor"] = SequenceCommands.FactorAsync,
        ["paste"] = JoiningCommands.PasteAsync,
        ["comm"] = JoiningCommands.CompareAsync,
        ["join"] = JoiningCommands.JoinAsync,
        ["fold"] = LayoutCommands.FoldAsync,
        ["fmt"] = LayoutCommands.FillAsync,
        ["expand"] = LayoutCommands.ExpandAsync,
        ["unexpand"] = LayoutCommands.UnexpandAsync,
        ["column"] = LayoutCommands.ColumnAsync,
        ["diff"] = DiffCommand.RunAsync,
        ["patch"] = PatchCommand.RunAsync,
        ["cmp"] = DiffCommand.CompareAsync,
        ["date"] = DateCommand.RunAsync,
        ["basename"] = PathCommands.BaseAsync,
        ["dirname"] = PathCommands.FolderAsync,
        ["readlink"] = PathCommands.LinkAsync,
        ["realpath"] = PathCommands.RealAsync,
        ["find"] = Find.FindCommand.RunAsync,
    };
}
