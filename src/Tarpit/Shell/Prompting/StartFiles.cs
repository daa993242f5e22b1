using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Files that a shell at a terminal runs when it begins and ends (bash(1), INVOCATION).</summary>
internal static class StartFiles
{
    /// <summary>Commands that read them.</summary>
    /// <param name="isLogin">Of a login shell.</param>
    public static IEnumerable<string> Begin(ShellState state, bool isLogin)
    {
        string home = state.Get("HOME");
        if (!isLogin)
        {
            return Existing(state, "/etc/bash.bashrc", home + "/.bashrc");
        }

        string? own = Existing(state, home + "/.bash_profile", home + "/.bash_login", home + "/.profile").FirstOrDefault();
        return [.. Existing(state, "/etc/profile"), .. own is null ? [] : new[] { own }];
    }

    public static IEnumerable<string> End(ShellState state) => Existing(state, state.Get("HOME") + "/.bash_logout");

    private static IEnumerable<string> Existing(ShellState state, params string[] paths) =>
        paths.Where(path => state.Files.Resolve(path, follow: true, out _) is (_, FileNode node) && Access.MayRead(node, state.Visit.UserId)).Select(path => ". " + Quoting.Single(path));
}
