using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Files that a shell at a terminal runs when it begins and ends (bash(1) and dash(1), INVOCATION).</summary>
internal static class StartFiles
{
    /// <summary>Commands that read them.</summary>
    /// <param name="isLogin">Of a login shell.</param>
    public static IEnumerable<string> Begin(ShellState state, bool isLogin)
    {
        string home = state.Get("HOME");
        if (state.IsDash)
        {
            return [.. isLogin ? Existing(state, "/etc/profile", home + "/.profile") : [], .. state.Find("ENV") is { } file ? Existing(state, file) : []];
        }

        if (!isLogin)
        {
            return Existing(state, "/etc/bash.bashrc", home + "/.bashrc");
        }

        string? own = Existing(state, home + "/.bash_profile", home + "/.bash_login", home + "/.profile").FirstOrDefault();
        return [.. Existing(state, "/etc/profile"), .. own is null ? [] : new[] { own }];
    }

    public static IEnumerable<string> End(ShellState state) => state.IsDash ? [] : Existing(state, state.Get("HOME") + "/.bash_logout");

    private static IEnumerable<string> Existing(ShellState state, params string[] paths) =>
        paths.Where(path => state.Files.Resolve(path, follow: true, out _) is (_, FileNode node) && Access.MayRead(node, state.Visit.UserId)).Select(path => ". " + Quoting.Single(path));
}
