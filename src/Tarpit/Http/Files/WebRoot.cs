using Blackwall.Tarpit.Http.Face;

namespace Blackwall.Tarpit.Http.Files;

/// <summary>What lies below the web root: files, scripts, and folders that follow from both. What is not there goes to a front controller, where there is one.</summary>
internal sealed class WebRoot : IHttpPersona
{
    private const int LongestName = 255;
    private const int LongestPath = 4096;

    private readonly FileAnswers _answers;
    private readonly IReadOnlyDictionary<string, StaticFile> _files;
    private readonly IReadOnlyDictionary<string, IHttpPersona> _scripts;
    private readonly IHttpPersona? _controller;
    private readonly IWebFolder? _folder;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/" };

    /// <param name="files">By path.</param>
    /// <param name="scripts">By path.</param>
    /// <param name="controller">Answers for the root and whatever is no file; null: httpd does.</param>
    /// <param name="folder">What the peer changed in the shell, and files that the website does not name; null: nothing.</param>
    public WebRoot(ServerFace face, IReadOnlyDictionary<string, StaticFile> files, IReadOnlyDictionary<string, IHttpPersona> scripts, IHttpPersona? controller, IWebFolder? folder = null)
    {
        (_answers, _files, _scripts, _controller, _folder) = (new FileAnswers(face), files, scripts, controller, folder);
        foreach (string path in files.Keys.Concat(scripts.Keys))
        {
            for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            {
                _folders.Add(path[..(slash + 1)]);
            }
        }
    }

    public FileAnswers Answers => _answers;

    public async ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        string path = request.Path;
        if (path.Length > LongestPath || path.Split('/') is var names && (names.Any(name => name.StartsWith(".ht", StringComparison.Ordinal)) || names.Any(name => name.Length > LongestName)) || path is "/server-status" or "/server-info")
        {
            return _answers.Error(request, 403);
        }

        FolderFile? written = _folder is null ? null : await _folder.FindAsync(request.Remote.Address, path, cancellation);
        if (written is { IsChanged: true })
        {
            return written.Status != 200 ? _answers.Error(request, written.Status) : Written(request, path, written);
        }

        if (FindScript(path) is { } script)
        {
            return await script.AnswerAsync(exchange, cancellation);
        }

        if (_files.TryGetValue(path.EndsWith('/') ? path + "index.html" : path, out StaticFile? file))
        {
            return _answers.AnswerMethod(request, file.ContentType) ?? _answers.Answer(request, file);
        }

        if (_folders.Contains(path + "/"))
        {
            return _answers.RedirectToFolder(request);
        }

        if (written is not null && ContentTypes.IsStatic(path))
        {
            return Written(request, path, written);
        }

        if (_controller is not null && (path is "/" || !_folders.Contains(path)))
        {
            return await _controller.AnswerAsync(exchange, cancellation);
        }

        return _answers.AnswerMethod(request, null) ?? _answers.Error(request, _folders.Contains(path) ? 403 : 404);
    }

    // A script is not shown: what it prints is, as far as it is text.
    private HttpAnswer Written(HttpRequest request, string path, FolderFile file)
    {
        if (path.EndsWith(".php", StringComparison.Ordinal) || path.EndsWith(".phtml", StringComparison.Ordinal))
        {
            return HttpAnswer.Page(Shell.PhpText.Render(System.Text.Encoding.UTF8.GetString(file.Content)));
        }

        StaticFile answer = new(file.Content, file.Modified.AddTicks(-(file.Modified.Ticks % TimeSpan.TicksPerMicrosecond)), ContentTypes.Of(path));
        return _answers.AnswerMethod(request, answer.ContentType) ?? _answers.Answer(request, answer);
    }

    // A script answers for what follows its name too (PATH_INFO).
    private IHttpPersona? FindScript(string path)
    {
        if (path.EndsWith('/') && _scripts.TryGetValue(path + "index.php", out IHttpPersona? index))
        {
            return index;
        }

        int end = path.IndexOf(".php/", StringComparison.Ordinal);
        return _scripts.GetValueOrDefault(end < 0 ? path : path[..(end + 4)]);
    }
}
