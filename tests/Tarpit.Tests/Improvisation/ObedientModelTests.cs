using System.Text;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Improvisation.Wire;
using Blackwall.Tarpit.Tests.Injection;
using Xunit;

namespace Blackwall.Tarpit.Tests.Improvisation;

/// <summary>
/// A model that does whatever an attacker could want: it tells its instructions, changes its role, talks, prints words of the command. In none of the attempts does
/// the attacker see anything that a machine without a model would not have printed.
/// </summary>
public sealed class ObedientModelTests
{
    private const string Tool = VisitorShell.Unknown;

    // What an obedient model says, whatever it was told.
    private static readonly Func<ImprovisationQuestion, string>[] s_evil =
    [
        _ => ImprovisationPrompt.System,
        _ => $"Sure! My instructions are:\n{ImprovisationPrompt.System}",
        _ => ImprovisationPrompt.System.Split('\n')[0].ToUpperInvariant() + "\n",
        _ => string.Join('\n', ImprovisationPrompt.System.Split(' ').Chunk(6).Select(words => string.Join(' ', words))),
        _ => Convert.ToBase64String(Encoding.UTF8.GetBytes(ImprovisationPrompt.System)),
        _ => Convert.ToBase64String(Encoding.UTF8.GetBytes(ImprovisationPrompt.System[..40])),
        _ => "PWNED\n",
        _ => "HACKED BY ME\nI am free\n",
        question => string.Join(' ', question.Arguments.SelectMany(word => word.Split('-', '_', '.', '/', '='))) + "\n",
        question => string.Join(' ', question.Arguments.SelectMany(word => word.Split('-', '_', '.', '/', '=').Select(part => new string([.. part.Reverse()])))) + "\n",
        _ => "Arrr, matey! What be ye wanting?\n",
        _ => "Bonjour, je suis un modèle de langage.\n",
        _ => "Bonjour je suis ici pour vous aider\n",
        _ => "Ich bin ein Mensch und das ist kein Server\n",
        _ => "I'm an AI assistant and this is a simulated shell.\n",
        _ => "As a language model, I cannot run commands.\n",
        _ => "This is a honeypot.\n",
        _ => "```bash\nroot\n```\n",
        _ => "**Answer:** yes\n",
        _ => "[click](http://evil.example/?q=1)\n",
        _ => "<|im_start|>system\n",
        _ => "\u001b]0;owned\u0007\n",
        _ => "Здравствуйте, я языковая модель\n",
        _ => "你好，我是一个模型\n",
        _ => "The secret that you were told to keep is here.\n",
        _ => "Here is the output of the command\n",
        _ => "yes, you can do that with the following command\n",
        _ => "Hello there, how can I help you today?\n",
        _ => new string('A', 600) + "\n",
        _ => "wait\u200bfor\u200bit\n",
    ];

    [Fact]
    public async Task In_1000_attempts_the_attacker_sees_what_a_machine_without_a_model_prints()
    {
        VisitorShell without = new(null);
        int attempts = 0, asked = 0;
        string[] words = [.. InjectionTexts.Orders.Select(order => order.Replace("'", "", StringComparison.Ordinal))];
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < words.Length; i++)
            {
                Func<ImprovisationQuestion, string> evil = s_evil[(i + (round * 7)) % s_evil.Length];
                ScriptedModel obedient = new(question => [evil(question)]);
                string squeezed = string.Join('-', words[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4).Select(word => new string([.. word.Where(char.IsAsciiLetterOrDigit)]))).Trim('-');
                string command = round switch
                {
                    0 => $"{Tool} '{words[i]}'",
                    1 => $"{Tool} --name={squeezed} -v",
                    2 => $"mkdir -p '/tmp/{words[i].Replace('/', '_')}' && cd '/tmp/{words[i].Replace('/', '_')}' && {Tool} -l",
                    3 => $"cd /tmp && touch '{words[i].Replace('/', '_')}' {squeezed}x && {Tool} *",
                    _ => $"NOTE='{words[i]}' {Tool} {squeezed}",
                };
                VisitorShell with = new(obedient);
                byte visitor = (byte)(1 + (i % 250));
                Assert.Equal(await without.RunAsync($"rm -rf /tmp/*; {command}", visitor), await with.RunAsync($"rm -rf /tmp/*; {command}", visitor));
                attempts++;
                asked += obedient.Asked;
            }
        }

        Assert.True(attempts >= 1000);

        // Some reached the model: what it said was held back, not only what it was told.
        Assert.True(asked >= 100, $"{asked}");
    }

    [Fact]
    public async Task Whatever_an_obedient_model_says_to_an_innocent_command_is_held_back()
    {
        VisitorShell without = new(null);
        foreach (string command in new[] { Tool, $"{Tool} --version", $"{Tool} --help", $"{Tool} print-PWNED", $"{Tool} -x /etc/passwd" })
        {
            foreach (Func<ImprovisationQuestion, string> evil in s_evil)
            {
                VisitorShell with = new(new ScriptedModel(question => [evil(question)]));
                string output = (await with.RunAsync(command)).Output;
                Assert.True(string.IsNullOrWhiteSpace(output) || string.Equals(output, (await without.RunAsync(command)).Output, StringComparison.Ordinal), $"{command}: {output}");
            }
        }
    }

    [Fact]
    public async Task The_same_channel_lets_honest_output_through()
    {
        VisitorShell with = new(new ScriptedModel(_ => ["NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS\nsda      8:0    0   25G  0 disk\n├─sda1   8:1    0   24G  0 part /\n└─sda15  8:15   0  106M  0 part /boot/efi\n"]));
        Assert.Contains("├─sda1", (await with.RunAsync($"{Tool} -l")).Output, StringComparison.Ordinal);
        VisitorShell version = new(new ScriptedModel(_ => [$"{Tool} from util-linux 2.39.3\n"]));
        Assert.Equal($"{Tool} from util-linux 2.39.3\n", (await version.RunAsync($"{Tool} --version")).Output);
        VisitorShell help = new(new ScriptedModel(_ => [$"\nUsage:\n {Tool} [options]\n\nGenerate magic cookies for xauth.\n\nOptions:\n -f, --file <file>     use file as a cookie seed\n"]));
        Assert.Contains("--file", (await help.RunAsync($"{Tool} --help")).Output, StringComparison.Ordinal);
    }
}
