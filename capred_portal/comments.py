"""Comments on a record: its thread is made when somebody says the first word; callers wrap writes in `writing`."""

from typing import Any

from capred_portal.models import Comment, Thread


def thread_of(record: Any) -> Thread:
    """Return the record's thread, made on first use; its row is locked, so two first comments share one thread."""
    rows = type(record)._default_manager
    stored = rows.select_for_update().only("thread_id").get(pk=record.pk)
    if stored.thread_id is None:
        thread = Thread.objects.create()
        rows.filter(pk=record.pk).update(thread=thread)
        record.thread = thread
    elif record.thread_id != stored.thread_id:
        record.thread_id = stored.thread_id
    return record.thread  # type: ignore[no-any-return]


def add_comment(
    *, record: Any, text: str, by: Any, kind: str = Comment.Kind.REMARK, answers: Comment | None = None
) -> Comment:
    """Write a comment on a workshop, outcome or action, or an answer to a question there."""
    thread = thread_of(record)
    if answers is not None and answers.thread_id != thread.pk:
        raise ValueError("The question hangs on another record.")
    return Comment.objects.create(thread=thread, kind=kind, text=text, answers=answers, created_by=by, updated_by=by)


def thread_tree(thread_id: int | None) -> list[Any]:
    """Return a thread's questions and remarks, oldest first, each with its `replies`, from one query."""
    if thread_id is None:
        return []
    comments: list[Any] = list(Comment.objects.active().filter(thread=thread_id).select_related("created_by"))
    replies: dict[int | None, list[Any]] = {}
    for comment in comments:
        replies.setdefault(comment.answers_id, []).append(comment)
    for comment in comments:
        comment.replies = replies.get(comment.pk, [])
    return replies.get(None, [])
