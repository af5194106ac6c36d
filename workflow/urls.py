"""The addresses of the pages."""

from django.urls import path

from workflow.views import (
    campaigns,
    documents,
    evaluations,
    exports,
    files,
    imports,
    inbox,
    items,
    notices,
    opening,
    rectification,
    seats,
    tasks,
)

TASK = "tasks/<int:process_id>/<int:task_id>/"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("notices/", notices.notices, name="notices"),
    path("evaluations/", evaluations.evaluation_list, name="evaluation_list"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/import/", imports.import_into_campaign, name="import_into_campaign"),
    path("imports/<int:pk>/", imports.show_import, name="import"),
    path("imports/<int:pk>/discard/", imports.discard_import, name="discard_import"),
    path("imports/<int:pk>/<int:place>/", imports.show_imported_dossier, name="imported_dossier"),
    path("evaluations/new/", opening.open_evaluation, name="open_evaluation"),
    path("evaluations/<int:pk>/", evaluations.dossier, name="dossier"),
    path("evaluations/<int:pk>/<slug:tab>/", evaluations.dossier, name="dossier_tab"),
    path("evaluations/<int:pk>/items/add/", items.raise_item, name="raise_item"),
    path("evaluations/<int:pk>/items/<int:item_id>/drop/", items.drop_item, name="drop_item"),
    path("evaluations/<int:pk>/seats/add/", seats.seat_expert, name="seat_expert"),
    path("evaluations/<int:pk>/documents/add/", documents.request_document, name="request_document"),
    path("evaluations/<int:pk>/export/<slug:form>/", exports.export, name="export"),
    path("documents/<int:pk>/", documents.document_status, name="document_status"),
    path("documents/<int:pk>/file/", documents.document_file, name="document_file"),
    path("evidence/<int:pk>/", files.evidence_file, name="evidence_file"),
    path(TASK, tasks.task, name="task"),
    path(TASK + "claim/", tasks.claim, name="claim"),
    path(TASK + "take-over/", tasks.take_over, name="take_over"),
    path(TASK + "release/", tasks.release, name="release"),
    path(TASK + "totals/", tasks.totals, name="totals"),
    path(TASK + "import/", imports.import_into_task, name="import_into_task"),
    path(TASK + "evidence/", files.attach, name="attach_evidence"),
    path(TASK + "evidence/<int:pk>/withdraw/", files.withdraw, name="withdraw_evidence"),
    path("rectification/", rectification.ledger, name="ledger"),
    path("rectification/<int:pk>/", rectification.item, name="item"),
    path("rectification/<int:pk>/sample/", rectification.sample, name="sample_item"),
    path("rectification/<int:pk>/reopen/", rectification.reopen, name="reopen_item"),
]
