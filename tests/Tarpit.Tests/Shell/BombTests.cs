using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Scripts made to eat a machine: others are answered while they run, and memory does not grow with them.</summary>
[Collection(AloneCollection.Name)]
public sealed class BombTests
{
    // Of three sessions: 32 MB each.
    private const long Room = 3 * (32 << 20);

    /// <summary>Each run has three of them at once.</summary>
    public static TheoryData<string, string, string> Bombs { get; } = new()
    {
        { "while :; do :; done", "bomb() { bomb | bomb & }; bomb", ":(){ :|:& };:" },
        { "yes > /dev/null", "for i in {1..999999999}; do :; done", "echo {1..99999}{1..99999}{1..99999}" },
        { "f() { f | f; }; f", "yes | cat | cat | cat | tr y n | cat > /dev/null", "bomb() { bomb & bomb; }; bomb" },
        { "f() { f; }; f", "x=a; while :; do x=$x$x; done", "printf '%999999999s' x; while :; do echo; done > /tmp/fill" },
        { "cat /dev/zero | cat > /tmp/zero; while true; do cat /dev/urandom > /tmp/z; done", "seq 1 99999999999", "dd if=/dev/zero of=/tmp/big bs=1G count=100; while :; do dd if=/dev/zero of=/tmp/big$RANDOM bs=1M count=10; done" },
        { "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | grep -E '^(a+)+\\1b'; done", "while :; do ls -R / > /dev/null; done", "while :; do bash -c 'while :; do :; done'; done" },
        { "find / | xargs -n1 sh -c 'while :; do :; done'", "for i in {1..10000}; do export v$i=$i; done; while :; do (:); done", "x=$(head -c 60000 /dev/zero | tr '\\0' a); while :; do y=${x//a/bb}${x%%*b}; done" },
        { "f() { x=$(head -c 1000000 /dev/zero | tr '\\0' a; f); }; f", "i=0; while :; do eval \"v$i=\\$(printf %250000s)\"; i=$((i+1)); done", "echo '/tmp/s2 & /tmp/s2' > /tmp/s2; chmod +x /tmp/s2; /tmp/s2" },
        { "awk 'function f(x){return f(x x)} BEGIN{f(\"a\")}'", "awk 'BEGIN{while(1) a[i++]=sprintf(\"%1000s\",i)}'", "sed ':a;G;h;ba' <<< xxxxxxxxxxxxxxxxxxxxxxx" },
        { "while :; do seq 100000 | grep -f <(seq 3000); done > /dev/null", "while :; do seq 100000 | tr -d '\\n' | grep -o .; done > /dev/null", "while :; do seq 300000 | sort -V | tail -1; done" },
        { "p=$(printf '@(%.0s' {1..20000})x; shopt -s extglob; while :; do [[ a == $p ]]; done", "p=$(head -c 100000 /dev/zero | tr '\\0' '['); while :; do [[ a == $p ]]; done", "while :; do [[ a =~ $(printf '(%.0s' {1..1000})a$(printf ')*%.0s' {1..1000}) ]]; done" },
        { "while :; do python3 -c 'x={i:[j for j in range(1000)] for i in range(10**7)}'; done", "perl -e 'while(1){push @y,\"a\"x1000}'; mapfile x < /dev/zero; while :; do sort /dev/urandom; done", "for i in 1 2 3 4 5 6 7 8; do (while :; do tar cf - /usr | gzip | wc -c; done) & done; wait" },
        { "while :; do strings /usr/bin/*; done > /dev/null", "while :; do md5sum /usr/bin/*; sort /usr/bin/*; done > /dev/null", "while :; do tar czf - /usr/bin; done > /dev/null" },
        { "i=0; while :; do declare -a \"a$i\"; mapfile \"a$i\" < <(seq 16000); i=$((i+1)); done", "f() { f \"$@\"; }; f {1..60000}", "for i in {1..100000}; do eval \"f$i() { echo $i; echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; }\"; done" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task While_bombs_run_others_are_answered_and_memory_stays(string first, string second, string third)
    {
        Task<SshClient.Result>[] bombs;
        await using (RunningTarpit tarpit = new())
        {
            // The machine's own files are made once, for all.
            await SshClient.CommandAsync(tarpit, "find / > /dev/null");
            long before = GC.GetTotalMemory(forceFullCollection: true);
            bombs = [.. new[] { first, second, third }.Select(bomb => SshClient.CommandAsync(tarpit, bomb))];
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal("alive\n", (await SshClient.CommandAsync(tarpit, "echo alive")).Output);
            }

            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Room);
        }

        // They end with the server.
        await Task.WhenAll(bombs);
    }

    [Theory]
    [InlineData("echo {a,b}{a,b}", 10_000)]
    [InlineData("echo \"$(\"$(", 5_000)]
    [InlineData("echo $((((((((((", 5_000)]
    [InlineData("if if if if if ", 5_000)]
    [InlineData("a|a|a|a|a|", 5_000)]
    [InlineData("{ { { { ( ( ( ( ", 5_000)]
    [InlineData("echo ${x:-${x:-", 5_000)]
    public async Task Text_that_goes_on_and_on_is_answered_and_the_server_lives(string part, int times)
    {
        await using RunningTarpit tarpit = new();
        string text = part.StartsWith("echo", StringComparison.Ordinal) ? "echo " + string.Concat(Enumerable.Repeat(part[5..], times)) : string.Concat(Enumerable.Repeat(part, times));
        await SshClient.CommandAsync(tarpit, text[..Math.Min(text.Length, 60_000)]);
        Assert.Equal("alive\n", (await SshClient.CommandAsync(tarpit, "echo alive")).Output);
        Assert.Null(tarpit.Records.Last(Recording.ObservationKinds.Limit));
    }

    [Theory]
    [InlineData("p=a; i=0; while [ $i -lt 12 ]; do p=$p/$p; i=$((i+1)); done; mkdir -p /tmp/$p; touch /tmp/$p/x; echo $?")]
    [InlineData("mkdir /tmp/a; for i in {1..13}; do cp -r /tmp/a /tmp/a/c$i; done; du -h /tmp/a; find /tmp/a | tail -1; ls -R /tmp/a | tail -1; rm -rf /tmp/a")]
    [InlineData("ln -s /tmp/l2 /tmp/l1; ln -s /tmp/l1 /tmp/l2; cat /tmp/l1; cd /tmp/l1; ls -la /tmp/l1/")]
    public async Task Folders_without_end_are_answered_and_the_server_lives(string command)
    {
        await using RunningTarpit tarpit = new();
        await SshClient.CommandAsync(tarpit, command);
        Assert.Equal("alive\n", (await SshClient.CommandAsync(tarpit, "echo alive")).Output);
        Assert.Null(tarpit.Records.Last(Recording.ObservationKinds.Limit));
    }

    [Fact]
    public async Task Text_nested_ten_thousand_deep_is_refused_in_one_sentence()
    {
        await using RunningTarpit tarpit = new();
        string deep = string.Concat(Enumerable.Repeat("$(", 10_000)) + string.Concat(Enumerable.Repeat(")", 10_000));
        SshClient.Result result = await SshClient.CommandAsync(tarpit, "echo " + deep);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("alive\n", (await SshClient.CommandAsync(tarpit, "echo alive")).Output);
    }
}
