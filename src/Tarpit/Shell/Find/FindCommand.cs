using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Find;

/// <summary>find(1): walks the trees below its operands.</summary>
internal static class FindCommand
{
    private const int MostFiles = 100_000;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments];
        bool follows = false;
        while (words is ["-L" or "-H" or "-P", ..])
        {
            follows = words[0] is "-L";
            words.RemoveAt(0);
        }

        List<string> roots = [.. words.TakeWhile(word => !word.StartsWith('-') && word is not ("(" or "!" or ","))];
        FindActions actions = new(i);
        FindParser parser = new(i, words[roots.Count..], actions);
        FindTest test;
        try
        {
            test = parser.Parse();
        }
        catch (FormatException e)
        {
            return await i.FailAsync(e.Message);
        }

        int status = 0;
        foreach (string root in roots.Count == 0 ? ["."] : roots)
        {
            if (i.Files.Find(i.State.Path(root), follows || root.EndsWith('/')) is not { } node)
            {
                status = await i.FailAsync(Characters.ToBytes($"‘{root}’: No such file or directory"));
                continue;
            }

            Walk walk = new(i, parser, actions, test, follows);
            await walk.VisitAsync(new FindNode(root, root, node, 0));
            status = Math.Max(status, walk.Status);
            if (actions.HasQuit)
            {
                break;
            }
        }

        await actions.FinishAsync();
        return Math.Max(status, actions.Status);
    }

    private sealed class Walk(Invocation call, FindParser parser, FindActions actions, FindTest test, bool follows)
    {
        private int _seen;

        public int Status { get; private set; }

        public async ValueTask VisitAsync(FindNode node)
        {
            if (actions.HasQuit || ++_seen > MostFiles)
            {
                return;
            }

            if (_seen % 20 == 0)
            {
                await call.State.Budget.StepAsync(call.Cancellation);
            }

            if (!parser.IsDepthFirst && node.Depth >= parser.MinDepth)
            {
                await test(node);
            }

            if (node.Node is FolderNode folder && !node.IsPruned && node.Depth < parser.MaxDepth && !actions.HasQuit)
            {
                await VisitEntriesAsync(node, folder);
            }

            if (parser.IsDepthFirst && node.Depth >= parser.MinDepth)
            {
                await test(node);
            }
        }

        private async ValueTask VisitEntriesAsync(FindNode node, FolderNode folder)
        {
            if (!Access.MayRead(folder, call.State.Visit.UserId))
            {
                Status = await call.FailAsync(Characters.ToBytes($"‘{node.Path}’: Permission denied"));
                return;
            }

            foreach ((string name, Node entry) in folder.Entries)
            {
                string path = node.Path.EndsWith('/') ? node.Path + name : $"{node.Path}/{name}";
                Node child = follows && entry is LinkNode ? call.Files.Find(call.State.Path(path)) ?? entry : entry;
                await VisitAsync(new FindNode(path, node.Root, child, node.Depth + 1));
            }
        }
    }
}
